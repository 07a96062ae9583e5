//! A connection to the server, and work on it that ends when it is told to. The work is done by a thread of its own: the client waits
//! for the network and heeds no flag. The thread that waits for it looks at the stop flag, which Ctrl-C and the time limit raise, has the
//! server cancel what it runs, and then leaves a connection that still does not answer: it is closed with the process. Rows go between
//! the two in pieces: only the thread that waits has the book.

use super::tls::Connector;
use super::{Address, SharedBook, causes, pass_file};
use crate::error::{Error, Limit, ServerCause, StoreCause};
use crate::store::{Stop, lock};
use postgres::{CancelToken, Client, Config, SimpleQueryMessage, SimpleQueryRow};
use std::convert::Infallible;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// The time that a connection may take to be made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// The quiet after which the system asks whether the server is still there, the time between two such questions, and their number:
/// a server that is gone is noticed within 12 seconds.
const KEEPALIVE_IDLE: Duration = Duration::from_secs(5);
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(2);
const KEEPALIVE_RETRIES: u32 = 3;

/// The interval at which the stop flag is looked at.
const CHECK_INTERVAL: Duration = Duration::from_millis(5);

/// The interval at which the server is told to cancel what it runs.
const CANCEL_INTERVAL: Duration = Duration::from_millis(100);

/// The time that the server has to end what it was told to cancel.
const CANCEL_GRACE: Duration = Duration::from_secs(2);

/// A connection.
pub(super) struct Server {
    client: Client,
    /// The settings of each transaction.
    settings: String,
}

/// The way to cancel what a connection runs.
type Canceller = (Connector, CancelToken);

impl Server {
    /// Runs statements that are texts of the program's own, and returns the rows of each that has rows.
    ///
    /// # Errors
    /// The server's, or the network's.
    pub(super) fn run(&mut self, sql: &str) -> Result<Vec<Vec<SimpleQueryRow>>, ServerCause> {
        let mut results: Vec<Vec<SimpleQueryRow>> = Vec::new();
        for message in self.client.simple_query(sql).map_err(|error| causes::of_statement(&error))? {
            match message {
                SimpleQueryMessage::RowDescription(_) => results.push(Vec::new()),
                SimpleQueryMessage::Row(row) => {
                    if let Some(rows) = results.last_mut() {
                        rows.push(row);
                    }
                }
                _ => {}
            }
        }
        Ok(results)
    }

    /// The statements that a transaction begins with. Its settings end with it: a pool may give the connection to somebody else.
    pub(super) fn begin(&self, access: &str) -> String {
        format!("begin isolation level repeatable read {access};{}", self.settings)
    }

    /// The statements that a transaction begins with which sees what others commit meanwhile.
    pub(super) fn begin_load(&self) -> String {
        format!("begin isolation level read committed read write;{}", self.settings)
    }

    /// The client, for statements with parameters.
    pub(super) fn client(&mut self) -> &mut Client {
        &mut self.client
    }
}

/// A message of the thread that speaks to the server.
enum Message<M, T> {
    /// A piece of its work for the thread that waits.
    Piece(M),
    /// The end of it.
    Done(Result<T, StoreCause>),
}

/// The end of the thread that works: hands pieces to the thread that waits.
pub(super) struct Pieces<M, T>(SyncSender<Message<M, T>>);

impl<M, T> Pieces<M, T> {
    /// Hands over a piece.
    ///
    /// # Errors
    /// Nobody waits any more.
    pub(super) fn send(&self, piece: M) -> Result<(), ServerCause> {
        self.0.send(Message::Piece(piece)).map_err(|_| ServerCause::Failed("nobody waits for it any more".to_owned()))
    }
}

/// The pieces that lie between the threads.
const PIECES_AHEAD: usize = 4;

/// Does `work` on a connection to the server of a book.
///
/// # Errors
/// Those of `work`; the server can't be reached, trusted or logged in to; the work was stopped.
pub(super) fn with_server<T: Send + 'static>(
    shared: &SharedBook,
    stop: &Stop,
    work: impl FnOnce(&mut Server) -> Result<T, StoreCause> + Send + 'static,
) -> Result<T, Error> {
    with_pieces(shared, stop, |server, _: &Pieces<Infallible, T>| work(server), |piece| match piece {})
}

/// Does `work` on a connection to the server of a book, and what it hands over in the calling thread.
///
/// # Errors
/// As [`with_server`], and those of `receive`, which end the work.
pub(super) fn with_pieces<T: Send + 'static, M: Send + 'static>(
    shared: &SharedBook,
    stop: &Stop,
    work: impl FnOnce(&mut Server, &Pieces<M, T>) -> Result<T, StoreCause> + Send + 'static,
    receive: impl FnMut(M) -> Result<(), Error>,
) -> Result<T, Error> {
    let fail = |cause: ServerCause| Error::from(shared.error(cause));
    let config = config(shared).map_err(fail)?;
    let connector = Connector::new(&shared.address, shared.authorities.as_deref()).map_err(fail)?;
    let canceller = Arc::new(Mutex::new(None::<Canceller>));
    let (sender, messages) = sync_channel(PIECES_AHEAD);
    let (published, settings) = (Arc::clone(&canceller), settings(stop));
    let pieces = Pieces(sender);
    let run = move |pieces: &Pieces<M, T>| {
        let client = connector.connect(&config).map_err(|error| causes::of_connecting(&error))?;
        *lock(&published) = Some((connector, client.cancel_token()));
        work(&mut Server { client, settings }, pieces)
    };
    let worker = thread::Builder::new().name("server".into());
    // One that nobody waits for any more has nobody to tell.
    let worker = worker.spawn(move || drop(pieces.0.send(Message::Done(run(&pieces)))));
    worker.map_err(|error| Error::Fault(format!("can't start a thread: {error}")))?;
    wait(&messages, receive, stop, &canceller)?.map_err(|cause| shared.error(cause).into())
}

/// Waits for the end of the thread that works, and does its pieces; has the server cancel it where it is to stop.
fn wait<T, M>(
    messages: &Receiver<Message<M, T>>,
    mut receive: impl FnMut(M) -> Result<(), Error>,
    stop: &Stop,
    canceller: &Mutex<Option<Canceller>>,
) -> Result<Result<T, StoreCause>, Error> {
    let (mut stopped, mut cancelled) = (None::<Instant>, None::<Instant>);
    loop {
        match messages.recv_timeout(CHECK_INTERVAL) {
            // What it failed for is that it was to stop.
            Ok(Message::Done(Err(_))) if stop.is_raised() => return Err(stop.cause()),
            Ok(Message::Done(done)) => return Ok(done),
            Ok(Message::Piece(_)) if stop.is_raised() => {}
            Ok(Message::Piece(piece)) => receive(piece).inspect_err(|_| cancel(canceller))?,
            Err(RecvTimeoutError::Disconnected) => {
                return Err(Error::Fault("the client of the server panicked".to_owned()));
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
        if stop.is_raised() {
            // One that comes between two statements ends neither, so that it is sent until the work ends.
            if cancelled.is_none_or(|sent| sent.elapsed() > CANCEL_INTERVAL) {
                cancelled = Some(Instant::now());
                cancel(canceller);
            }
            if stopped.get_or_insert_with(Instant::now).elapsed() > CANCEL_GRACE {
                return Err(stop.cause());
            }
        }
    }
}

/// Has the server cancel what it runs. That connects anew, and may wait as long as the work does.
fn cancel(canceller: &Mutex<Option<Canceller>>) {
    if let Some((connector, token)) = lock(canceller).clone() {
        thread::spawn(move || drop(connector.cancel(&token)));
    }
}

/// The settings of a transaction: no name of the server's users is found, a backslash in a literal is one, and no statement goes on
/// after its time.
fn settings(stop: &Stop) -> String {
    let seconds = stop.limits().most(Limit::Time).min(MAX_TIMEOUT_SECONDS);
    format!(
        "set local search_path = ''; set local standard_conforming_strings = on; set local statement_timeout = '{seconds}s';"
    )
}

/// The longest timeout that the server takes, in seconds.
const MAX_TIMEOUT_SECONDS: u64 = 2_000_000;

/// The connection that an address and a password come to.
fn config(shared: &SharedBook) -> Result<Config, ServerCause> {
    let address = &shared.address;
    let mut config = Config::new();
    place(&mut config, address);
    config.user(&address.user).dbname(&address.database).application_name("pledgebook");
    config.connect_timeout(CONNECT_TIMEOUT).keepalives(true).keepalives_idle(KEEPALIVE_IDLE);
    config.keepalives_interval(KEEPALIVE_INTERVAL).keepalives_retries(KEEPALIVE_RETRIES);
    let is_encrypted = address.is_encrypted().unwrap_or(true);
    config.ssl_mode(if is_encrypted { postgres::config::SslMode::Require } else { postgres::config::SslMode::Disable });
    let password = match (&shared.password, &shared.pass_file) {
        (Some(password), _) => Some(password.0.clone()),
        (None, Some(file)) => pass_file::find(file, address)?,
        (None, None) => None,
    };
    if let Some(password) = password {
        config.password(password);
    }
    Ok(config)
}

#[cfg(unix)]
fn place(config: &mut Config, address: &Address) {
    if address.is_socket() {
        config.host_path(&address.host)
    } else {
        config.host(&address.host)
    };
    config.port(address.port);
}

#[cfg(not(unix))]
fn place(config: &mut Config, address: &Address) {
    config.host(&address.host).port(address.port);
}
