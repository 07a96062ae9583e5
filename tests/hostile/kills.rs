//! Signals that end the program while it writes, at any moment: what has a name is whole. What has none yet may be left
//! behind, under a name that ends in `.part`, or in the directory of temporary files, where nobody else can read it.
//! `faults` kills in the midst of other work, and says how often.

use crate::hostile::faults::{moment, rounds};
use crate::hostile::{PATIENCE, ask, scratch};
use pty_process::blocking::{Command as PtyCommand, Pty, open};
use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

const SIGNALS: [&str; 3] = ["KILL", "TERM", "HUP"];

/// Ends a program by a signal; one that has ended already is as good.
#[track_caller]
fn end(running: &mut Child, signal: &str) {
    let id = running.id().to_string();
    let _ = Command::new("kill").args(["-s", signal, &id]).stderr(Stdio::null()).status();
    let begun = Instant::now();
    while running.try_wait().expect("it is a child").is_none() {
        // A program that inherits a signal as ignored goes on, as it should.
        assert!(begun.elapsed() < PATIENCE, "it goes on after {signal}: is that ignored here, as by `nohup`?");
        sleep(Duration::from_millis(1));
    }
}

fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).expect("it can be listed");
    entries.map(|entry| entry.expect("it is there").file_name().to_string_lossy().into_owned()).collect()
}

/// What else lies in a directory is unfinished, and says so by its name.
#[track_caller]
fn only_parts_besides(directory: &Path, known: &[&str], what: &str) {
    for name in names(directory) {
        assert!(
            known.contains(&name.as_str()) || Path::new(&name).extension().is_some_and(|ending| ending == "part"),
            "{what}: `{name}` is left"
        );
    }
}

/// The program on a terminal, when it has greeted.
fn prompt(directory: &Path) -> (Pty, Child) {
    let (pty, side) = open().expect("there are pseudo-terminals");
    let mut command = scratch::command(scratch::program(), directory);
    command.env("TERM", "xterm").env("PLEDGEBOOK_HISTORY", directory.join("history")).env("PLEDGEBOOK_PAGER", "off");
    command.env("TMPDIR", directory.join("temporary")).env("EDITOR", "./editor.sh");
    let running = PtyCommand::from(command).spawn(side).expect("the program runs");
    let seen = (&pty).read(&mut [0; 64]).expect("it greets");
    assert!(seen > 0);
    (pty, running)
}

#[test]
fn an_answer_that_is_being_written_is_the_old_one_or_the_new_one() {
    let directory = scratch::directory("hostile_kills_output");
    let rows = "with recursive t(n) as (select 1 union all select n + 1 from t where n < 30000) select n from t";
    let begun = Instant::now();
    ask(&directory, &["-o", "x.csv", "-c", rows]).is(0, "");
    let longest = begun.elapsed() * 5 / 4;
    let complete = fs::read(directory.join("x.csv")).expect("it was written");
    for (round, signal) in (0..rounds()).zip(SIGNALS.iter().cycle()) {
        fs::write(directory.join("x.csv"), "old").expect("it is writable");
        let mut command = scratch::command(scratch::program(), &directory);
        command.args(["-o", "x.csv", "--force", "-c", rows]).stdout(Stdio::null()).stderr(Stdio::null());
        let mut running = command.spawn().expect("it runs");
        sleep(moment(round, longest));
        end(&mut running, signal);
        let found = fs::read(directory.join("x.csv")).expect("one of them is there");
        assert!(found == complete || found == b"old", "{signal}, {round}: half an answer");
        only_parts_besides(&directory, &["x.csv"], signal);
    }
}

#[test]
fn a_script_that_is_being_saved_is_whole_or_not_there() {
    let directory = scratch::directory("hostile_kills_save");
    fs::create_dir(directory.join("temporary")).expect("it is writable");
    let mut complete = None;
    for (round, signal) in (0..rounds()).zip(SIGNALS.iter().cycle()) {
        let _ = fs::remove_file(directory.join("mine.rhai"));
        let (pty, mut running) = prompt(&directory);
        (&pty).write_all(b"F29 / F30\r.save mine\r").expect("it reads");
        if round == 0 {
            let begun = Instant::now();
            while !directory.join("mine.rhai").exists() && begun.elapsed() < PATIENCE {
                sleep(Duration::from_millis(5));
            }
        } else {
            sleep(moment(round, Duration::from_millis(200)));
        }
        end(&mut running, signal);
        let found = fs::read_to_string(directory.join("mine.rhai")).ok();
        if round == 0 {
            complete.clone_from(&found);
            assert!(found.is_some_and(|text| text.ends_with("F29 / F30\n")));
        } else {
            assert!(found.is_none() || found == complete, "{signal}, {round}: {found:?}");
        }
        only_parts_besides(&directory, &["mine.rhai", "history", "temporary"], signal);
    }
    assert_eq!(names(&directory.join("temporary")), [""; 0]);
}

#[test]
fn a_history_that_is_being_written_keeps_what_it_had() {
    let directory = scratch::directory("hostile_kills_history");
    let history = directory.join("history");
    // One with many more entries than are kept is written anew when the program begins.
    let older = |entries: u32| (0..entries).map(|n| format!("select {n} as older\n")).collect::<Vec<_>>().concat();
    let (older, longer) = (older(200), older(12_000));
    for (round, signal) in (0..rounds() / 2).zip(SIGNALS.iter().cycle()) {
        let is_long = round % 2 == 1;
        fs::write(&history, format!("#V2\n{}", if is_long { &longer } else { &older })).expect("it is writable");
        let (pty, side) = open().expect("there are pseudo-terminals");
        let mut command = scratch::command(scratch::program(), &directory);
        command.env("TERM", "xterm").env("PLEDGEBOOK_HISTORY", &history);
        let mut running = PtyCommand::from(command).spawn(side).expect("the program runs");
        (&pty).write_all(b"select 1 as newer\rselect 2 as newer\r").expect("it reads");
        sleep(moment(round, Duration::from_millis(250)));
        end(&mut running, signal);
        let kept = fs::read_to_string(&history).expect("it is there");
        let is_whole = |line: &str| line == "#V2" || line.ends_with(" as older") || line.ends_with(" as newer");
        assert!(kept.lines().all(is_whole) && kept.ends_with('\n'), "{signal}, {round}");
        let least = if is_long { 5_000 } else { 200 };
        assert!(kept.matches(" as older").count() >= least, "{signal}, {round}: earlier entries are gone");
        only_parts_besides(&directory, &["history"], signal);
    }
}

#[test]
fn what_is_being_edited_is_nobody_elses_to_read() {
    let directory = scratch::directory("hostile_kills_edit");
    fs::create_dir(directory.join("temporary")).expect("it is writable");
    // It tells that it has begun, and goes on until it has read a key or its terminal is gone.
    fs::write(directory.join("editor.sh"), "#!/bin/sh\n: > begun\nread key\n").expect("it is writable");
    fs::set_permissions(directory.join("editor.sh"), fs::Permissions::from_mode(0o755)).expect("it is ours");
    for (round, signal) in (0..rounds() / 3).zip(SIGNALS.iter().cycle()) {
        let _ = fs::remove_file(directory.join("begun"));
        let (pty, mut running) = prompt(&directory);
        (&pty).write_all(b"'secret'\r.edit\r").expect("it reads");
        // Half of them are ended when the editor is there, the others on the way to it.
        let begun = Instant::now();
        while round % 2 == 0 && !directory.join("begun").exists() && begun.elapsed() < PATIENCE {
            sleep(Duration::from_millis(2));
        }
        sleep(moment(round, Duration::from_millis(60)));
        end(&mut running, signal);
        drop(pty);
        only_parts_besides(&directory, &["editor.sh", "begun", "history", "temporary"], signal);
        for name in names(&directory.join("temporary")) {
            let found = fs::metadata(directory.join("temporary").join(&name)).expect("it is there");
            assert_eq!(found.permissions().mode() & 0o777, 0o600, "{signal}: {name}");
            assert!(name.starts_with("pledgebook-"), "{signal}: {name}");
        }
        let kept = fs::read_to_string(directory.join("history")).unwrap_or_default();
        assert!(kept.lines().all(|line| ["#V2", "'secret'", ".edit"].contains(&line)), "{signal}: {kept}");
    }
}

/// A session that reads a pipe, and one at a terminal that goes away: each ends, and nothing is written.
#[test]
fn a_terminal_that_goes_away_ends_the_prompt() {
    let directory = scratch::directory("hostile_kills_terminal");
    fs::create_dir(directory.join("temporary")).expect("it is writable");
    for entry in ["", "select 1;\r", "loop {}\r", "select (1,\r"] {
        let (pty, mut running) = prompt(&directory);
        (&pty).write_all(entry.as_bytes()).expect("it reads");
        sleep(Duration::from_millis(50));
        drop(pty);
        let begun = Instant::now();
        while running.try_wait().expect("it is a child").is_none() {
            if begun.elapsed() > Duration::from_secs(20) {
                end(&mut running, "KILL");
                panic!("{entry:?}: it goes on without its terminal");
            }
            sleep(Duration::from_millis(5));
        }
        only_parts_besides(&directory, &["history", "temporary"], entry);
    }
}
