//! What the services share: requests over HTTP on a free port of the loopback interface, and defects by name.

use std::collections::HashSet;
use std::future::Future;
use std::io;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

const ACCEPT_PAUSE: Duration = Duration::from_millis(10);

/// What is left out of a service by name, so that it leaks.
pub struct Defects(HashSet<String>);

impl Defects {
    /// The defects named by `--defect NAME` (repeatable).
    pub fn planted(known: &[&str]) -> Self {
        let names = std::env::args().skip(1).filter(|word| word != "--defect");
        let planted: HashSet<String> = names.collect();
        for name in &planted {
            assert!(
                known.contains(&name.as_str()),
                "no defect of the name {name}"
            );
        }
        Defects(planted)
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.contains(name)
    }
}

pub struct Request {
    pub method: String,
    pub path: String,
    pub body: Vec<u8>,
}

impl Request {
    /// Its method, and the words of its path.
    pub fn route(&self) -> (&str, Vec<&str>) {
        let words = self.path.trim_start_matches('/').split('/').collect();
        (&self.method, words)
    }
}

/// A status, and a body that may be empty.
pub type Answer = (u16, String);

/// Starts a service and answers its requests for ever, those of each connection in a task of its own.
pub fn serve<Start, Handler, Answering>(start: Start)
where
    Start: Future<Output = Handler>,
    Handler: Fn(Request) -> Answering + Clone + Send + Sync + 'static,
    Answering: Future<Output = Answer> + Send + 'static,
{
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("no runtime");
    runtime.block_on(async {
        let handler = start.await;
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("no port");
        let address = listener.local_addr().expect("no address");
        println!("listening on http://{address}");
        loop {
            match listener.accept().await {
                Ok((connection, _)) => drop(tokio::spawn(converse(connection, handler.clone()))),
                // No descriptor is free.
                Err(_) => sleep(ACCEPT_PAUSE).await,
            }
        }
    });
}

/// Until the client leaves.
async fn converse<Handler, Answering>(mut connection: TcpStream, handler: Handler) -> io::Result<()>
where
    Handler: Fn(Request) -> Answering,
    Answering: Future<Output = Answer>,
{
    connection.set_nodelay(true)?;
    let (reader, mut writer) = connection.split();
    let mut reader = BufReader::new(reader);
    while let Some(request) = read_request(&mut reader).await? {
        let (status, body) = handler(request).await;
        let length = body.len();
        let head = format!("HTTP/1.1 {status} \r\ncontent-length: {length}\r\n\r\n");
        writer.write_all((head + &body).as_bytes()).await?;
    }
    Ok(())
}

/// Nothing at the end of the connection.
async fn read_request(reader: &mut (impl AsyncBufReadExt + Unpin)) -> io::Result<Option<Request>> {
    let mut line = String::new();
    reader.read_line(&mut line).await?;
    let mut words = line.split(' ').map(str::to_owned);
    let (method, path) = match (words.next(), words.next()) {
        (Some(method), Some(path)) => (method, path),
        _ => return Ok(None),
    };
    let mut body = Vec::new();
    loop {
        line.clear();
        reader.read_line(&mut line).await?;
        let header = line.trim_end().to_ascii_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(length) = header.strip_prefix("content-length:") {
            body.resize(length.trim().parse().unwrap_or(0), 0);
        }
    }
    reader.read_exact(&mut body).await?;
    Ok(Some(Request { method, path, body }))
}
