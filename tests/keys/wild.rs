//! Characters that act on a terminal, from everywhere they can come: none of them reaches it. The editor's own sequences
//! do, so that what was planted is told by the word behind it.

use crate::keys::prompt::{CTRL_C, CTRL_R, ENTER, Prompt, UP};
use crate::keys::terminal::Terminal;
use crate::scratch;
use std::fs;
use std::os::unix::fs::PermissionsExt;

/// A title, a colour, a cleared screen, a link, a bell, steps back, sequences of one character, changes of direction, marks
/// of order, what takes no room, what ends a line elsewhere.
const ACTING: [&str; 18] = [
    "\u{1b}]0;",
    "\u{1b}[31m",
    "\u{1b}[2J",
    "\u{1b}]8;;x:",
    "\u{7}",
    "\u{8}",
    "\u{b}",
    "\r",
    "\u{7f}",
    "\u{9b}31m",
    "\u{9d}0;",
    "\u{202e}",
    "\u{2066}",
    "\u{200f}",
    "\u{61c}",
    "\u{200b}",
    "\u{2028}",
    "\u{ad}",
];

/// Each of them between two letters, before a word that nothing else sends.
pub(crate) fn planted() -> String {
    ACTING.map(|acting| format!("z{acting}planted ")).concat()
}

/// The same as it can be pasted: the editor takes sequences out of that by itself.
pub(crate) fn pasted() -> String {
    let can_be = ACTING.iter().filter(|acting| !acting.contains(['\u{1b}', '\r']));
    can_be.map(|acting| format!("z{acting}planted ")).collect::<Vec<_>>().concat()
}

/// As the name of a file.
pub(crate) fn name() -> String {
    planted().trim_end().to_owned()
}

/// The word is seen, and nothing before it acts.
#[track_caller]
pub(crate) fn check(what: &str, prompt: &Prompt) {
    let sent = prompt.sent();
    assert!(sent.contains("planted"), "{what}: nothing was seen of it: {sent}");
    check_unseen(what, prompt);
}

/// Nothing of it acts, be it seen or not.
#[track_caller]
pub(crate) fn check_unseen(what: &str, prompt: &Prompt) {
    let sent = prompt.sent();
    for acting in ACTING {
        assert!(!sent.contains(&format!("z{acting}planted")), "{what}: {acting:?} reaches the terminal");
    }
}

/// With colours and without, the line is drawn in different ways.
fn in_both_colours(name: &str, look: impl Fn(Terminal)) {
    look(Terminal::new(&format!("{name}_coloured")));
    look(Terminal::new(&format!("{name}_plain")).variable("NO_COLOR", "1"));
}

#[test]
fn an_entry_recalled_from_the_history() {
    in_both_colours("wild_history", |terminal| {
        let history = format!("#V2\nselect 1 as first;\nselect '{}' as recalled;\n", planted().replace('\r', "\\r"));
        fs::write(terminal.directory.join("history"), history).expect("it is writable");
        let mut prompt = terminal.open();
        prompt.type_keys(UP);
        prompt.wait_for("as recalled;");
        check("up", &prompt);
        prompt.type_keys(CTRL_C);
        prompt.wait_for_prompts(2);
        prompt.type_keys(&format!("{CTRL_R}recall"));
        prompt.wait_for("as recalled;");
        check("search", &prompt);
        prompt.ask("");
        check("asked again", &prompt);
    });
}

#[test]
fn what_is_pasted() {
    in_both_colours("wild_paste", |terminal| {
        let mut prompt = terminal.open();
        let before = prompt.prompts();
        prompt.type_keys(&format!("\x1b[200~select '{}' as pasted;\x1b[201~", pasted()));
        prompt.wait_for("as pasted;");
        check("pasted", &prompt);
        prompt.type_keys(ENTER);
        prompt.wait_for("notice: left out of the entry: 13 characters that no terminal shows,");
        prompt.wait_for_prompts(before + 1);
        check("asked", &prompt);
        // What is asked is what was seen.
        let kept = fs::read_to_string(prompt.directory.join("history")).expect("the history is kept");
        assert!(kept.contains("'zplanted zplanted "), "{kept}");
        prompt.type_keys(UP);
        prompt.wait_for_bytes(" pasted;");
        check("recalled", &prompt);
    });
}

#[test]
fn what_comes_back_from_an_editor() {
    in_both_colours("wild_edit", |terminal| {
        let program = terminal.directory.join("editor.sh");
        fs::write(terminal.directory.join("text"), format!("select '{}' as edited;\n", planted()))
            .expect("it is writable");
        fs::write(&program, "#!/bin/sh\ncat text > \"$1\"\n").expect("it is writable");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("it is ours");
        let mut prompt = terminal.variable("EDITOR", "./editor.sh").open();
        prompt.type_keys(&format!(".edit{ENTER}"));
        prompt.wait_for("as edited;");
        check(".edit", &prompt);
        assert!(prompt.sent().contains("notice: left out of the entry: "), "{}", prompt.sent());
        let before = prompt.prompts();
        prompt.type_keys(ENTER);
        prompt.wait_for_prompts(before + 1);
        check("asked", &prompt);
    });
}

#[test]
fn an_editor_whose_name_acts() {
    let mut prompt = Terminal::new("wild_editor").variable("EDITOR", &planted()).open();
    prompt.ask(".edit");
    check("EDITOR", &prompt);
}

#[test]
fn a_book_whose_path_acts_is_greeted_and_named() {
    let book = format!("{}.db", name());
    let terminal = Terminal::new("wild_greeting").arguments(&[&book]);
    drop(scratch::book(&terminal.directory.join(&book)));
    let mut prompt = terminal.open();
    check("greeting", &prompt);
    for entry in ["F29 / F30", ".why", "select nowhere;", ".save saved"] {
        prompt.ask(entry);
        check(entry, &prompt);
    }
    let saved = fs::read_to_string(prompt.directory.join("saved.rhai")).expect("it was saved");
    let asked_of = saved.lines().find(|line| line.starts_with("// Asked of `z")).unwrap_or_default();
    assert!(asked_of.ends_with("planted.db`."), "{saved}");
    assert!(ACTING.iter().all(|acting| !saved.contains(&format!("z{acting}planted"))), "{saved}");
}

#[test]
fn errors_and_answers_of_a_file_and_what_the_pager_is_handed() {
    let terminal = Terminal::new("wild_file").variable("PLEDGEBOOK_PAGER", "tee paged");
    let text = planted().replace('\r', "");
    let entries = [
        format!("select '{text}' from nowhere;"),
        format!("throw `{text}`"),
        format!("print(`{text}`); F29 + F30"),
        format!("select '{text}' as a, value from generate_series(1, 3);"),
        format!("for n in 0..200 {{ print(`{text}`) }}"),
    ];
    let mut prompt = {
        for (number, entry) in entries.iter().enumerate() {
            fs::write(terminal.directory.join(format!("{number}.txt")), format!("{entry}\n")).expect("it is writable");
        }
        terminal.open()
    };
    prompt.ask(".timer on");
    for (number, entry) in entries.iter().enumerate() {
        prompt.ask(&format!(".read {number}.txt"));
        check(entry, &prompt);
    }
    let paged = fs::read_to_string(prompt.directory.join("paged")).expect("the last one is long");
    assert!(paged.matches("planted").count() > 200);
    assert!(ACTING.iter().all(|acting| !paged.contains(&format!("z{acting}planted"))), "{paged}");
}

#[test]
fn settings_of_the_environment_and_of_a_file() {
    for (setting, is_refused) in [
        ("nullvalue", false),
        ("pager", false),
        ("mode", true),
        ("notes", true),
        ("timer", true),
        ("color", true),
        ("keys", true),
        ("limit_time", true),
    ] {
        let variable = format!("PLEDGEBOOK_{}", setting.to_uppercase());
        let toml = toml_of(setting);
        let environment = Terminal::new(&format!("wild_environment_{setting}")).variable(&variable, &planted());
        let file = Terminal::new(&format!("wild_config_{setting}")).variable("PLEDGEBOOK_CONFIG", "my.toml");
        // The file could not be set above the variable of the harness.
        let file = if setting == "pager" { environment_again(setting) } else { file };
        fs::write(file.directory.join("my.toml"), toml).expect("it is writable");
        for (how, terminal) in [("environment", environment), ("file", file)] {
            let what = format!("{setting} in the {how}");
            let mut prompt = terminal.start();
            if is_refused {
                assert_eq!(prompt.exit_code(), Some(2), "{what}");
            } else {
                prompt.wait_for_prompts(1);
                for entry in [".show", ".limits", "select null as a, 1 as b;", "for n in 0..200 { print(n) }"] {
                    prompt.ask(entry);
                }
            }
            check(&what, &prompt);
        }
    }
}

fn environment_again(setting: &str) -> Terminal {
    Terminal::new(&format!("wild_config_{setting}")).variable("PLEDGEBOOK_PAGER", &planted())
}

/// A line of a config file, with its characters written out as its form wants it.
fn toml_of(setting: &str) -> String {
    let written: String = planted()
        .chars()
        .map(|c| if c.is_ascii_graphic() { c.into() } else { format!("\\u{:04x}", u32::from(c)) })
        .collect();
    format!("{setting} = \"{written}\"\n")
}

#[test]
fn a_config_file_that_can_not_be_read() {
    for (name, text) in [
        ("raw", format!("nullvalue = \"{}\"\n", planted())),
        ("name", format!("\"{}\" = 1\n", planted().replace('\r', ""))),
        ("line", format!("{}\n", planted())),
    ] {
        let path = format!("{}.toml", self::name());
        let terminal = Terminal::new(&format!("wild_config_{name}")).variable("PLEDGEBOOK_CONFIG", &path);
        fs::write(terminal.directory.join(&path), text).expect("it is writable");
        let mut prompt = terminal.start();
        assert_eq!(prompt.exit_code(), Some(2), "{name}");
        check(name, &prompt);
    }
}

#[test]
fn a_history_that_can_not_be_written() {
    let mut prompt =
        Terminal::new("wild_no_history").variable("PLEDGEBOOK_HISTORY", &format!("/proc/{}", name())).open();
    prompt.ask("1 + 1");
    check("history", &prompt);
}

#[test]
fn what_is_said_of_a_long_wait() {
    let terminal = Terminal::new("wild_wait");
    let file = format!("{}.rhai", name());
    fs::write(terminal.directory.join(&file), "loop {}").expect("it is writable");
    let mut prompt = terminal.arguments(&[&file]).start();
    prompt.wait_for("… 2 s; Ctrl-C stops it");
    prompt.type_keys(CTRL_C);
    assert_eq!(prompt.exit_code(), Some(130));
    check_unseen("a wait", &prompt);
}

#[test]
fn words_of_the_command_line() {
    let (word, option, letter, script) =
        (planted(), format!("--{}", planted()), format!("-{}", planted()), format!("{}.rhai", name()));
    let equal = format!("F30={word}");
    // A word with a blank is a text to ask, and one without is a book.
    let book: String = word.chars().filter(|c| !c.is_whitespace()).collect();
    for (arguments, code) in [
        (&[option.as_str()][..], 2),
        (&[&letter], 2),
        (&["--format", &word], 2),
        (&["--color", &word], 2),
        (&["--limit-time", &word], 2),
        (&["--assume", &equal, "-c", "F29"], 2),
        (&["--assume", &word, "-c", "F29"], 2),
        (&["run", &word], 2),
        (&["run", &script], 3),
        (&["run", "pledged_per_missile", &option], 2),
        (&["run", "pledged_per_missile", "--places", &word], 2),
        (&["help", &word], 2),
        (&["check", &word], 2),
        (&["completions", &word], 2),
        (&["test", &script], 3),
        (&["-f", &script], 3),
        (&["-o", &script, "-c", "select 1"], 2),
        (&["-c", &word], 1),
        (&[&word], 1),
        (&[&book], 3),
    ] {
        let mut prompt = Terminal::new("wild_words").arguments(arguments).start();
        let ended = prompt.exit_code();
        assert_eq!(ended, Some(code), "{arguments:?}: {}", prompt.screen());
        let what = format!("{arguments:?}");
        // Of letters that are options together, the first alone is named.
        if arguments[0] == letter { check_unseen(&what, &prompt) } else { check(&what, &prompt) }
    }
}
