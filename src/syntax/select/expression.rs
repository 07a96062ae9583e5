//! The grammar of expressions: operators by how tightly they bind, and their operands. An operator before its operand
//! takes all that binds tighter than itself, also where it is an operand of a tighter one: `a + not b = c` is `a + (not
//! (b = c))`.

use super::ast::{Call, Expression, ExpressionKind, InSet, Literal, Name};
use super::cursor::{Parsed, Unparsed};
use super::node::Node;
use super::operators::{BinaryOperator, LikeOperator, Power, UnaryOperator};
use super::parser::{Parser, height_above};
use crate::syntax::TokenKind;

/// The kinds of an operator behind its left operand.
enum InfixOperator {
    Binary(BinaryOperator),
    Is,
    IsNull,
    Like(LikeOperator),
    Between,
    In,
    Collate,
}

/// An operator behind its left operand, as it is written.
struct Infix {
    operator: InfixOperator,
    is_negated: bool,
    /// The number of its words; of `is`, the first.
    words: usize,
}

impl Infix {
    fn power(&self) -> Power {
        match self.operator {
            InfixOperator::Binary(operator) => operator.power(),
            InfixOperator::Collate => Power::Collate,
            _ => Power::Equality,
        }
    }
}

impl Parser<'_> {
    pub(super) fn expression(&mut self) -> Parsed<Expression> {
        self.operand(Power::Nothing)
    }

    /// An expression whose operators bind tighter than `floor`.
    fn operand(&mut self, floor: Power) -> Parsed<Expression> {
        self.nested(|parser| {
            let start = parser.cursor.start();
            let mut left = parser.prefixed()?;
            while let Some(infix) = parser.infix().filter(|infix| infix.power() > floor) {
                left = parser.infixed(start, left, &infix)?;
            }
            Ok(left)
        })
    }

    fn boxed(&mut self, floor: Power) -> Parsed<Box<Expression>> {
        self.operand(floor).map(Box::new)
    }

    fn node(&mut self, start: usize, kind: ExpressionKind) -> Parsed<Expression> {
        let mut expression = Expression { span: self.cursor.span_from(start), id: self.new_site(), kind, height: 0 };
        expression.height = height_above(Node::Expression(&expression))?;
        Ok(expression)
    }

    fn prefixed(&mut self) -> Parsed<Expression> {
        let Some(operator) = UnaryOperator::spelled(self.cursor.word()) else { return self.primary() };
        let start = self.cursor.start();
        self.cursor.advance(1);
        let operand = self.boxed(operator.power())?;
        self.node(start, ExpressionKind::Unary(operator, operand))
    }

    /// The operator that follows an operand.
    fn infix(&self) -> Option<Infix> {
        let has_not = self.cursor.word() == "not";
        let word = self.cursor.peek(usize::from(has_not));
        let (operator, is_negated) = match word {
            "between" => (InfixOperator::Between, has_not),
            "in" => (InfixOperator::In, has_not),
            "like" => (InfixOperator::Like(LikeOperator::Like), has_not),
            "glob" => (InfixOperator::Like(LikeOperator::Glob), has_not),
            "regexp" => (InfixOperator::Like(LikeOperator::Regexp), has_not),
            "match" => (InfixOperator::Like(LikeOperator::Match), has_not),
            "null" if has_not => (InfixOperator::IsNull, true),
            _ if has_not => return None,
            "is" => (InfixOperator::Is, false),
            "isnull" => (InfixOperator::IsNull, false),
            "notnull" => (InfixOperator::IsNull, true),
            "collate" => (InfixOperator::Collate, false),
            _ => (InfixOperator::Binary(BinaryOperator::spelled(word)?), false),
        };
        Some(Infix { operator, is_negated, words: 1 + usize::from(has_not) })
    }

    /// The expression of a left operand and the operator that follows it.
    fn infixed(&mut self, start: usize, left: Expression, infix: &Infix) -> Parsed<Expression> {
        let operator_start = self.cursor.start();
        self.cursor.advance(infix.words);
        let operator_span = self.cursor.span_from(operator_start);
        let (is_negated, left) = (infix.is_negated, Box::new(left));
        let kind = match infix.operator {
            InfixOperator::Binary(operator) => {
                ExpressionKind::Binary { operator, operator_span, left, right: self.boxed(operator.power())? }
            }
            InfixOperator::Is => self.is(operator_start, left)?,
            InfixOperator::IsNull => ExpressionKind::IsNull { is_negated, operand: left },
            InfixOperator::Like(operator) => {
                let right = self.boxed(Power::Equality)?;
                let escape = self.behind(&["escape"], |parser| parser.boxed(Power::Equality))?;
                ExpressionKind::Like { is_negated, operator, operator_span, left, right, escape }
            }
            InfixOperator::Between => {
                // The lower end goes up to its `and`: it takes a comparison in, which the upper end leaves to what is
                // around.
                let low = self.boxed(Power::And)?;
                self.cursor.expect("and")?;
                let high = self.boxed(Power::Equality)?;
                ExpressionKind::Between { is_negated, operator_span, operand: left, low, high }
            }
            InfixOperator::In => ExpressionKind::In { is_negated, operator_span, operand: left, set: self.in_set()? },
            InfixOperator::Collate => {
                ExpressionKind::Collate { operand: left, collation: self.cursor.plain_name().ok_or(Unparsed)? }
            }
        };
        self.node(start, kind)
    }

    /// The rest of `is`.
    fn is(&mut self, operator_start: usize, left: Box<Expression>) -> Parsed<ExpressionKind> {
        let has_not = self.cursor.eat("not");
        let is_negated = has_not != self.cursor.eat_all(&["distinct", "from"]);
        let operator_span = self.cursor.span_from(operator_start);
        let right = self.boxed(Power::Equality)?;
        Ok(match right.kind {
            ExpressionKind::Literal(Literal::Null) => ExpressionKind::IsNull { is_negated, operand: left },
            _ => ExpressionKind::Is { is_negated, operator_span, left, right },
        })
    }

    fn in_set(&mut self) -> Parsed<InSet> {
        if let Some(set) = self.in_parentheses_if_any(Self::inner_set)? {
            return Ok(set);
        }
        let table = Box::new(self.table_name()?);
        let arguments = self.in_parentheses_if_any(Self::arguments)?;
        Ok(InSet::Table(table, arguments.unwrap_or_default()))
    }

    fn inner_set(&mut self) -> Parsed<InSet> {
        if self.is_at_select() {
            self.select().map(|select| InSet::Select(Box::new(select)))
        } else {
            self.arguments().map(InSet::List)
        }
    }

    /// An expression without an operator at its beginning or end.
    fn primary(&mut self) -> Parsed<Expression> {
        let start = self.cursor.start();
        let kind = match self.cursor.kind().ok_or(Unparsed)? {
            TokenKind::Word => self.word()?,
            TokenKind::Number => self.literal(number(self.cursor.word())?),
            TokenKind::String if self.cursor.peek(1) != "." => self.literal(Literal::Text),
            TokenKind::String | TokenKind::QuotedName => self.named()?,
            TokenKind::Parameter => {
                self.cursor.advance(1);
                ExpressionKind::Parameter
            }
            TokenKind::Punct => self.in_parentheses(Self::parenthesised)?,
            TokenKind::Comment => return Err(Unparsed),
        };
        self.node(start, kind)
    }

    fn literal(&mut self, literal: Literal) -> ExpressionKind {
        self.cursor.advance(if literal == Literal::Blob { 2 } else { 1 });
        ExpressionKind::Literal(literal)
    }

    fn parenthesised(&mut self) -> Parsed<ExpressionKind> {
        if self.is_at_select() {
            return self.select().map(|select| ExpressionKind::Subquery(Box::new(select)));
        }
        let first = self.boxed(Power::Nothing)?;
        if !self.cursor.eat(",") {
            return Ok(ExpressionKind::Parenthesised(first));
        }
        let mut list = self.expressions()?;
        list.insert(0, *first);
        Ok(ExpressionKind::RowValue(list))
    }

    /// An expression that begins with a word.
    fn word(&mut self) -> Parsed<ExpressionKind> {
        match self.cursor.word() {
            "null" => Ok(self.literal(Literal::Null)),
            "current_date" | "current_time" | "current_timestamp" => Ok(self.literal(Literal::CurrentTime)),
            "case" => self.case(),
            "cast" => self.cast(),
            "exists" => {
                self.cursor.advance(1);
                self.in_parentheses(Self::select).map(|select| ExpressionKind::Exists(Box::new(select)))
            }
            // Only triggers have it.
            "raise" => Err(Unparsed),
            _ if self.cursor.is_blob() => Ok(self.literal(Literal::Blob)),
            _ => self.named(),
        }
    }

    fn case(&mut self) -> Parsed<ExpressionKind> {
        self.cursor.advance(1);
        let base = if self.cursor.word() == "when" { None } else { Some(self.boxed(Power::Nothing)?) };
        let mut branches = vec![self.branch()?];
        while self.cursor.word() == "when" {
            branches.push(self.branch()?);
        }
        let otherwise = self.behind(&["else"], |parser| parser.boxed(Power::Nothing))?;
        self.cursor.expect("end")?;
        Ok(ExpressionKind::Case { base, comparison: self.new_site(), branches, otherwise })
    }

    /// `when` and `then`.
    fn branch(&mut self) -> Parsed<(Expression, Expression)> {
        self.cursor.expect("when")?;
        let when = self.expression()?;
        self.cursor.expect("then")?;
        Ok((when, self.expression()?))
    }

    fn cast(&mut self) -> Parsed<ExpressionKind> {
        self.cursor.advance(1);
        self.in_parentheses(|parser| {
            let operand = parser.boxed(Power::Nothing)?;
            parser.cursor.expect("as")?;
            let start = parser.cursor.start();
            while parser.cursor.plain_name().is_some() {}
            parser.in_parentheses_if_any(|parser| parser.list(Self::type_size))?;
            Ok(ExpressionKind::Cast { operand, type_span: parser.cursor.span_from(start) })
        })
    }

    /// A number in the parentheses of a type.
    fn type_size(&mut self) -> Parsed<()> {
        if !self.cursor.eat("-") {
            self.cursor.eat("+");
        }
        let is_number = self.cursor.kind() == Some(TokenKind::Number);
        self.cursor.advance(1);
        if is_number { Ok(()) } else { Err(Unparsed) }
    }

    /// A column or a call.
    fn named(&mut self) -> Parsed<ExpressionKind> {
        let is_string = self.cursor.kind() == Some(TokenKind::String);
        let name = self.cursor.name()?;
        if !is_string && self.cursor.word() == "(" {
            return self.call(name).map(|call| ExpressionKind::Call(Box::new(call)));
        }
        let mut names = vec![name];
        while self.cursor.eat(".") {
            names.push(self.cursor.name()?);
        }
        Ok(ExpressionKind::Column(names))
    }

    /// The call of a function whose name was read.
    fn call(&mut self, name: Name) -> Parsed<Call> {
        self.cursor.expect("(")?;
        let behind_parenthesis = self.cursor.span_from(0).end;
        let distinct = self.distinct();
        let is_star = self.cursor.eat("*");
        let has_none = is_star || matches!(self.cursor.word(), ")" | "order");
        let arguments = if has_none { Vec::new() } else { self.expressions()? };
        let order_by = self.order_by()?;
        let arguments_span = behind_parenthesis..self.cursor.start();
        self.cursor.expect(")")?;
        let filter = self.filter()?.map(Box::new);
        Ok(Call { name, distinct, is_star, arguments, order_by, arguments_span, filter, over: self.over()? })
    }
}

/// The kind of a number in lower case, unless letters behind it make it none.
fn number(text: &str) -> Parsed<Literal> {
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    let is_hexadecimal =
        |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'_');
    let is_real = || {
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let exponent = exponent.trim_start_matches(['+', '-']);
        !exponent.is_empty() && are_digits(exponent) && mantissa.split('.').all(are_digits)
    };
    match text.strip_prefix("0x") {
        Some(digits) if is_hexadecimal(digits) => Ok(Literal::Hexadecimal),
        Some(_) => Err(Unparsed),
        None if are_digits(text) => Ok(Literal::Integer),
        None if is_real() => Ok(Literal::Real),
        None => Err(Unparsed),
    }
}
