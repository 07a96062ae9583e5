//! Addresses, passwords and the messages of what can't be reached: each with its exit code, and no password in any.

use super::{Answer, Shared, command};
use crate::scratch;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::thread;

/// What the program says without a server, with these variables.
fn ask(directory: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Answer {
    Answer::of(command(directory, arguments).envs(variables.iter().copied()).output().expect("the program runs"))
}

#[test]
fn a_password_on_the_command_line_is_refused_and_not_repeated() {
    let directory = scratch::directory("shared_passwords");
    let secret = "postgres://ann:hush@db.example/x";
    for arguments in [
        &["--db", secret, "-c", "select 1"][..],
        &[secret],
        &[&format!("--db={secret}")],
        &["push", secret],
        &["--attach", &format!("n={secret}"), "-c", "select 1"],
        &["init", secret],
        &["diff", secret, "x.db"],
        &["--errors", "json", secret],
        &["postgres://ann@db.example/x?password=hush"],
        &["postgres://ann@db:hush/x"],
    ] {
        let answer = ask(&directory, arguments, &[]);
        answer.is(2, &["the address of a shared book "]);
        assert!(!format!("{answer:?}").contains("hush"), "{answer:?}");
    }
    let of_environment = ask(&directory, &["-c", "select 1"], &[("PLEDGEBOOK_DB", secret)]);
    of_environment.is(2, &["has a password in it"]);
    let at_prompt = Answer::of(shell(&directory, &format!("echo '.open {secret}' | pledgebook")));
    at_prompt.is(2, &["a book on a server is named where the program begins"]);
    assert!(!format!("{of_environment:?}{at_prompt:?}").contains("hush"));
}

fn shell(directory: &Path, line: &str) -> std::process::Output {
    scratch::command("sh", directory).args(["-c", line]).output().expect("there is a shell")
}

#[test]
fn what_can_not_be_reached_or_trusted_says_so() {
    let directory = scratch::directory("shared_unreached");
    for (address, says) in [
        (
            "postgres://ann@/x?host=/nowhere",
            &["can't reach `postgres://ann@/x?host=/nowhere`: ", "is the server running?"][..],
        ),
        ("postgres://ann@127.0.0.1:1/x", &["can't reach `postgres://ann@127.0.0.1:1/x`: connection refused"]),
        (
            "postgres://ann@db.example/x?sslmode=disable",
            &["can't send a password to `", "` without encryption", "ssh tunnel"],
        ),
        ("postgres://ann@db.example/x?sslmode=prefer", &["` without encryption"]),
        (
            "postgres://ann@localhost/x?sslmode=require&sslrootcert=/nowhere",
            &["can't trust `postgres://ann@localhost/x`: the authorities in `/nowhere` can't be read", "PGSSLROOTCERT"],
        ),
    ] {
        ask(&directory, &["-c", "select 1", "--db", address], &[]).is(3, says);
    }
    let pem = directory.join("empty.pem");
    fs::write(&pem, "none\n").expect("it is writable");
    let named = [("PGSSLROOTCERT", pem.to_str().expect("a text"))];
    ask(&directory, &["postgres://ann@localhost/x?sslmode=require", ".tables"], &named)
        .is(3, &["it holds no certificate"]);
}

#[test]
fn a_server_that_offers_no_encryption_gets_no_password() {
    let directory = scratch::directory("shared_unencrypted");
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a port");
    let port = listener.local_addr().expect("it is bound").port();
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("it is asked");
        let mut request = [0; 8];
        stream.read_exact(&mut request).expect("it asks for encryption");
        stream.write_all(b"N").expect("it listens");
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).map(|_| rest)
    });
    let roots = "/etc/ssl/certs/ca-certificates.crt";
    let variables = [("PGPASSWORD", "hush"), ("PGSSLROOTCERT", roots)];
    if Path::new(roots).exists() {
        let address = format!("postgres://ann@127.0.0.1:{port}/x?sslmode=require");
        ask(&directory, &["--db", &address, "-c", "select 1"], &variables).is(3, &["the server offers no encryption"]);
        assert_eq!(server.join().expect("it ends").unwrap_or_default(), b"");
    }
}

#[test]
fn a_password_comes_from_the_environment_or_a_file_that_nobody_else_can_read() {
    let Some(shared) = Shared::with_book("passwords") else { return };
    shared.sql("grant usage on schema book to sealed; grant select on all tables in schema book to sealed");
    let address = shared.address.replace("ann@", "sealed@");
    let ask =
        |variables: &[(&str, &str)]| ask(&shared.directory, &[&address, "--csv", "-c", "select 1 as a"], variables);
    ask(&[])
        .is(3, &["can't log in to `postgres://sealed@/", "it asks for a password, and there is none", "PGPASSFILE"]);
    let wrong = ask(&[("PGPASSWORD", "letmein")]);
    wrong.is(3, &["can't log in to `postgres://sealed@/", "password authentication failed"]);
    assert!(!format!("{wrong:?}").contains("letmein"));
    ask(&[("PGPASSWORD", "opensesame")]).is(0, &["1"]);
    let file = shared.directory.join(".pgpass");
    fs::write(&file, "other:*:*:*:no\nlocalhost:5432:*:sealed:opensesame\n").expect("it is writable");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).expect("it is ours");
    let open = ask(&[]);
    open.is(3, &["others can read the passwords in `", "chmod 600"]);
    assert!(!format!("{open:?}").contains("opensesame"));
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("it is ours");
    ask(&[]).is(0, &["1"]);
    ask(&[("PGPASSFILE", "nowhere")]).is(3, &["it asks for a password, and there is none"]);
    ask(&[("PGPASSFILE", "/")]).is(3, &["the passwords in `/` can't be read"]);
}

#[test]
fn an_address_is_the_book_wherever_a_file_would_be() {
    let Some(shared) = Shared::with_book("places") else { return };
    let question = ["--csv", "-c", "select count(*) as n from facts"];
    let expected = shared.ask(&question);
    let address = shared.address.as_str();
    for arguments in [
        [&[address][..], &question].concat(),
        [&["--db", address][..], &question].concat(),
        [&question[..], &[&address.replace("postgres:", "postgresql:")]].concat(),
    ] {
        assert_eq!(shared.ask(&arguments), expected, "{arguments:?}");
    }
    let by_variable = shared.command(&question).env("PLEDGEBOOK_DB", address).output().expect("it runs");
    assert_eq!(Answer::of(by_variable), expected);
    let named = shared.command(&[&["nowhere.db"], &question[..]].concat()).env("PLEDGEBOOK_DB", address).output();
    Answer::of(named.expect("it runs")).is(3, &["can't open `nowhere.db`"]);
    shared.of_book(&[".server"]).is(0, &[address, "version 1 (ann, ", "which is of that version"]);
    shared.of_book(&[".databases"]).is(0, &[address, "read-only"]);
    for (arguments, says) in [
        (&["--fresh", "-c", "select 1"][..], "`--fresh` is for a book on a server"),
        (&["--offline", "-c", "select 1"], "`--offline` is for a book on a server"),
        (&["pull", "x.db"], "`pull` writes a book of a server"),
        (&["--fresh", "--offline", "--db", address], "`--fresh` asks the server, and `--offline` does not"),
        (&["--db", address, "--write", "-c", "select 1"], "`--write` changes tables in a file"),
        (&["--db", address, "import", "x.csv", "y.csv", "--as", "z"], "`--as` names one table"),
        (&["--db", address, "drop", "S2"], "a book on a server has no import to take back"),
        (&["--db", address, "check-book"], "`check-book` and `diff` are for books in files"),
        (&["--db", address, "--table", "x.csv"], "tables are asked at once beside a file"),
        (&["--force", "-c", "select 1"], "`--force` lets a file be written over"),
    ] {
        shared.ask(arguments).is(2, &[says]);
    }
    shared.ask(&["--sandbox", "push", address]).is(6, &["is denied in a sandbox"]);
}
