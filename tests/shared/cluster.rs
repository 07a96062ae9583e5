//! A private PostgreSQL for the tests: made in a temporary directory, on a socket there, and ended with this process whatever ends it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::LazyLock;
use std::{env, fs, io, process};

/// The directories in which PostgreSQL's programs may be, the newest version first.
fn programs() -> Option<PathBuf> {
    let mut directories: Vec<PathBuf> = env::var_os("PG_BIN").map(PathBuf::from).into_iter().collect();
    let mut installed: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|version| version.path().join("bin"))
        .collect();
    installed.sort();
    directories.extend(installed.into_iter().rev());
    directories.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    directories.into_iter().find(|directory| directory.join("initdb").exists())
}

/// A server that runs.
pub(crate) struct Cluster {
    programs: PathBuf,
    /// The directory of its socket.
    pub(crate) directory: PathBuf,
    /// Its end is that of the server: closed when this process ends, however it does.
    _guard: ChildStdin,
}

/// The server of these tests, started by the first that needs it; `None` where there is no PostgreSQL.
pub(crate) fn cluster() -> Option<&'static Cluster> {
    static CLUSTER: LazyLock<Option<Cluster>> = LazyLock::new(|| {
        let Some(programs) = programs() else {
            assert!(
                env::var_os("PLEDGEBOOK_PG").is_none_or(|value| value != "require"),
                "no PostgreSQL is installed, and PLEDGEBOOK_PG=require asks for it"
            );
            // Past the capture of the tests' output: what is not tested is to be seen.
            let _ = io::stderr().write_all(b"SKIPPED: no PostgreSQL, so that no shared book is tested\n");
            return None;
        };
        Some(start(programs))
    });
    CLUSTER.as_ref()
}

/// A program of PostgreSQL, which refuses to run as root.
fn command(programs: &Path, name: &str) -> Command {
    let program = programs.join(name);
    let is_root = fs::metadata("/proc/self").is_ok_and(|found| std::os::unix::fs::MetadataExt::uid(&found) == 0);
    if is_root {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program).current_dir("/");
        command
    } else {
        Command::new(program)
    }
}

#[track_caller]
fn run(command: &mut Command) {
    let done = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).status();
    assert!(done.is_ok_and(|status| status.success()), "{command:?}");
}

fn start(programs: PathBuf) -> Cluster {
    // The path of a socket has at most 107 bytes.
    let directory = env::temp_dir().join(format!("pledgebook-pg-{}", process::id()));
    fs::create_dir(&directory).expect("the temporary directory can be written");
    let _ = Command::new("chown").arg("postgres").arg(&directory).stderr(Stdio::null()).status();
    let data = directory.join("data");
    let mut initdb = command(&programs, "initdb");
    run(initdb.arg("-D").arg(&data).args(["--locale=C", "-E", "UTF8", "-A", "trust", "-U", "admin", "-N"]));
    // One role has a password; the others are trusted on this socket.
    fs::write(data.join("pg_hba.conf"), "local all sealed scram-sha-256\nlocal all all trust\n").expect("it is there");
    let options = format!(
        "-c listen_addresses= -c unix_socket_directories={} -c fsync=off -c max_connections=200",
        directory.display()
    );
    let mut begin = command(&programs, "pg_ctl");
    run(begin.arg("-D").arg(&data).args(["-w", "-o", &options, "-l"]).arg(directory.join("log")).arg("start"));
    let guard = guard(&programs, &directory);
    let cluster = Cluster { programs, directory, _guard: guard };
    cluster.psql(
        "postgres",
        "create role ann login; create role bo login; create role sealed login password 'opensesame'",
    );
    cluster
}

/// A shell that ends the server when the pipe to it is closed, and takes its directory away.
fn guard(programs: &Path, directory: &Path) -> ChildStdin {
    let mut stop = command(programs, "pg_ctl");
    stop.arg("-D").arg(directory.join("data")).args(["-m", "immediate", "stop"]);
    let words = std::iter::once(stop.get_program()).chain(stop.get_args());
    let stop: Vec<String> = words.map(|word| format!("'{}'", word.to_string_lossy())).collect();
    let text = format!("trap '' INT TERM HUP; cat; {}; rm -rf '{}'", stop.join(" "), directory.display());
    let mut shell = Command::new("setsid");
    shell.args(["sh", "-c", &text]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).current_dir("/");
    shell.spawn().expect("there is a shell").stdin.take().expect("it is piped")
}

impl Cluster {
    /// A client that does a statement of the administrator.
    pub(crate) fn command(&self, database: &str, sql: &str) -> Command {
        let mut command = Command::new(self.programs.join("psql"));
        command.args(["-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-U", "admin", "-d", database, "-c", sql]);
        command.arg("-h").arg(&self.directory);
        command
    }

    /// What the server answers to a statement of its administrator.
    #[track_caller]
    pub(crate) fn psql(&self, database: &str, sql: &str) -> String {
        let done = self.command(database, sql).output().expect("psql runs");
        assert!(done.status.success(), "{sql}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8_lossy(&done.stdout).trim_end().to_owned()
    }
}
