//! The branch store over HTTP, on a free port of the loopback interface, which it prints.

mod store;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use store::{Defects, Store};

fn main() {
    let store = Arc::new(Store::new(planted_defects()));
    store.create_branch("main");
    let listener = TcpListener::bind("127.0.0.1:0").expect("no free port");
    println!(
        "listening on http://{}",
        listener.local_addr().expect("no address")
    );
    for connection in listener.incoming().flatten() {
        let store = Arc::clone(&store);
        thread::spawn(move || serve(connection, &store));
    }
}

fn planted_defects() -> Defects {
    let mut defects = Defects::default();
    for name in std::env::args()
        .skip(1)
        .filter(|argument| argument != "--defect")
    {
        match name.as_str() {
            "commit-locks" => defects.commit_locks = true,
            "vector-backends" => defects.vector_backends = true,
            "version-chains" => defects.version_chains = true,
            _ => panic!("no defect of the name {name}"),
        }
    }
    defects
}

/// Answers the requests of one connection until the client closes it.
fn serve(connection: TcpStream, store: &Store) -> Option<()> {
    let mut writer = connection.try_clone().ok()?;
    let mut reader = BufReader::new(connection);
    loop {
        let (method, path) = read_request(&mut reader)?;
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let (status, text) = answer(store, &method, &parts);
        let length = text.len();
        write!(
            writer,
            "HTTP/1.1 {status}\r\ncontent-length: {length}\r\n\r\n{text}"
        )
        .ok()?;
    }
}

fn read_request(reader: &mut BufReader<TcpStream>) -> Option<(String, String)> {
    let mut line = String::new();
    if reader.read_line(&mut line).ok()? == 0 {
        return None;
    }
    let mut words = line.split(' ').map(str::to_owned);
    let request = (words.next()?, words.next()?);
    let mut body_bytes = 0;
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        let header = line.trim_end().to_ascii_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(length) = header.strip_prefix("content-length:") {
            body_bytes = length.trim().parse().ok()?;
        }
    }
    std::io::copy(&mut reader.take(body_bytes), &mut std::io::sink()).ok()?;
    Some(request)
}

fn answer(store: &Store, method: &str, path: &[&str]) -> (&'static str, String) {
    match (method, path) {
        ("POST", ["branches", name]) => store.create_branch(name),
        ("DELETE", ["branches", name]) => store.delete_branch(name),
        ("PUT", ["branches", name, "keys", key]) => {
            if !store.commit(name, key, &[1; 64]) {
                return ("404 Not Found", String::new());
            }
        }
        ("GET", ["branches", name, "keys", key]) => match store.read(name, key) {
            Some(bytes) => return ("200 OK", bytes.to_string()),
            None => return ("404 Not Found", String::new()),
        },
        ("POST", ["branches", name, "collections", collection]) => {
            return ("200 OK", store.insert_vectors(name, collection).to_string());
        }
        _ => return ("404 Not Found", String::new()),
    }
    ("204 No Content", String::new())
}
