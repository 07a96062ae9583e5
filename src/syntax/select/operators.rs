//! The operators of expressions and compounds: how each is spelled, and how tightly it binds.

/// How tightly an operator binds its operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Power {
    Nothing,
    Or,
    And,
    Not,
    Equality,
    Comparison,
    Bits,
    Sum,
    Product,
    Concatenation,
    Collate,
    Sign,
}

/// The operators before an operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnaryOperator {
    /// `not`.
    Not,
    /// `-`.
    Minus,
    /// `+`.
    Plus,
    /// `~`.
    BitNot,
}

impl UnaryOperator {
    pub(super) fn spelled(word: &str) -> Option<Self> {
        Some(match word {
            "not" => Self::Not,
            "-" => Self::Minus,
            "+" => Self::Plus,
            "~" => Self::BitNot,
            _ => return None,
        })
    }

    pub(super) fn power(self) -> Power {
        if self == Self::Not { Power::Not } else { Power::Sign }
    }
}

/// The operators between two operands, but for those of words that a `not` may precede.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryOperator {
    /// `or`.
    Or,
    /// `and`.
    And,
    /// `=`, `==`.
    Equal,
    /// `<>`, `!=`.
    NotEqual,
    /// `<`.
    Less,
    /// `<=`.
    LessOrEqual,
    /// `>`.
    Greater,
    /// `>=`.
    GreaterOrEqual,
    /// `&`.
    BitAnd,
    /// `|`.
    BitOr,
    /// `<<`.
    ShiftLeft,
    /// `>>`.
    ShiftRight,
    /// `+`.
    Add,
    /// `-`.
    Subtract,
    /// `*`.
    Multiply,
    /// `/`.
    Divide,
    /// `%`.
    Remainder,
    /// `||`.
    Concatenate,
    /// `->`.
    ExtractJson,
    /// `->>`.
    Extract,
}

impl BinaryOperator {
    /// A comparison of order or equality as SQL writes it; `None` for any other operator.
    #[must_use]
    pub fn comparison_sign(self) -> Option<&'static str> {
        Some(match self {
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            _ => return None,
        })
    }

    pub(super) fn spelled(word: &str) -> Option<Self> {
        Some(match word {
            "or" => Self::Or,
            "and" => Self::And,
            "=" | "==" => Self::Equal,
            "<>" | "!=" => Self::NotEqual,
            "<" => Self::Less,
            "<=" => Self::LessOrEqual,
            ">" => Self::Greater,
            ">=" => Self::GreaterOrEqual,
            "&" => Self::BitAnd,
            "|" => Self::BitOr,
            "<<" => Self::ShiftLeft,
            ">>" => Self::ShiftRight,
            "+" => Self::Add,
            "-" => Self::Subtract,
            "*" => Self::Multiply,
            "/" => Self::Divide,
            "%" => Self::Remainder,
            "||" => Self::Concatenate,
            "->" => Self::ExtractJson,
            "->>" => Self::Extract,
            _ => return None,
        })
    }

    pub(super) fn power(self) -> Power {
        match self {
            Self::Or => Power::Or,
            Self::And => Power::And,
            Self::Equal | Self::NotEqual => Power::Equality,
            Self::Less | Self::LessOrEqual | Self::Greater | Self::GreaterOrEqual => Power::Comparison,
            Self::BitAnd | Self::BitOr | Self::ShiftLeft | Self::ShiftRight => Power::Bits,
            Self::Add | Self::Subtract => Power::Sum,
            Self::Multiply | Self::Divide | Self::Remainder => Power::Product,
            Self::Concatenate | Self::ExtractJson | Self::Extract => Power::Concatenation,
        }
    }
}

/// The operators that compare with a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LikeOperator {
    /// `like`.
    Like,
    /// `glob`.
    Glob,
    /// `regexp`.
    Regexp,
    /// `match`.
    Match,
}

/// The operators between two selects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetOperator {
    /// `union`.
    Union,
    /// `union all`.
    UnionAll,
    /// `except`.
    Except,
    /// `intersect`.
    Intersect,
}

impl SetOperator {
    /// The operator that begins with two words.
    pub(super) fn spelled(first: &str, second: &str) -> Option<Self> {
        Some(match (first, second) {
            ("union", "all") => Self::UnionAll,
            ("union", _) => Self::Union,
            ("except", _) => Self::Except,
            ("intersect", _) => Self::Intersect,
            _ => return None,
        })
    }
}
