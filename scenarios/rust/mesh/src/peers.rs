//! Connections of peers, which ask line by line.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::tcp::OwnedWriteHalf;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::Receiver;
use tokio::sync::Mutex;
use tokio::task::JoinHandle;
use tokio::time::{interval, sleep};

use crate::node::{topic_id, Node};

/// So that routers on the way do not forget a connection.
const KEEP_ALIVE: Duration = Duration::from_secs(10);
const ACCEPT_PAUSE: Duration = Duration::from_millis(10);

type Writer = Arc<Mutex<OwnedWriteHalf>>;

/// Takes peers on a free port, which it returns.
pub async fn listen(node: Arc<Node>) -> io::Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    tokio::spawn(async move {
        loop {
            match listener.accept().await {
                Ok((connection, _)) => {
                    drop(tokio::spawn(Peer::stay(connection, Arc::clone(&node))))
                }
                // No descriptor is free.
                Err(_) => sleep(ACCEPT_PAUSE).await,
            }
        }
    });
    Ok(port)
}

struct Peer {
    node: Arc<Node>,
    name: String,
    writer: Writer,
    /// What forwards the events of each stream.
    streams: HashMap<usize, JoinHandle<()>>,
}

impl Peer {
    /// Answers a peer until it leaves, and forgets it then.
    async fn stay(connection: TcpStream, node: Arc<Node>) {
        // Else an answer would wait for the acknowledgement of the event before it.
        let _ = connection.set_nodelay(true);
        let (reader, writer) = connection.into_split();
        let mut peer = Peer {
            node,
            name: String::new(),
            writer: Arc::new(Mutex::new(writer)),
            streams: HashMap::new(),
        };
        let driver = tokio::spawn(keep_alive(Arc::clone(&peer.writer)));
        let mut lines = BufReader::new(reader).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            let answer = peer.answer(&line).await;
            if send(&peer.writer, &answer).await.is_err() {
                break;
            }
        }
        // Without its abort the driver outlives the peer, and the connection with it.
        if !peer.node.defects.has("detached-drivers") {
            driver.abort();
        }
        let open: Vec<usize> = peer.streams.keys().copied().collect();
        peer.streams.values().for_each(JoinHandle::abort);
        peer.node.forget(&peer.name, &open).await;
    }

    async fn answer(&mut self, line: &str) -> String {
        let words: Vec<&str> = line.split(' ').collect();
        match words.as_slice() {
            ["hello", name, address] => {
                self.name = name.to_string();
                let mut book = self.node.address_book.write().await;
                book.add_peer(name, address);
            }
            ["announce", topics @ ..] => {
                let mut book = self.node.address_book.write().await;
                for topic in topics {
                    book.add_topic(&self.name, topic_id(topic));
                }
            }
            ["subscribe", topic] => {
                let (id, events) = self.node.streams.lock().await.subscribe(topic);
                let forwarder = tokio::spawn(forward(events, Arc::clone(&self.writer)));
                self.streams.insert(id, forwarder);
                return id.to_string();
            }
            ["unsubscribe", id] => {
                let id = id.parse().unwrap_or_default();
                if let Some(forwarder) = self.streams.remove(&id) {
                    forwarder.abort();
                }
                if !self.node.defects.has("unsubscribe-noop") {
                    self.node.streams.lock().await.unsubscribe(id);
                }
            }
            ["publish", topic, text] => {
                let streams = self.node.streams.lock().await;
                return streams.publish(topic, text).to_string();
            }
            _ => return "what?".to_owned(),
        }
        "ok".to_owned()
    }
}

async fn forward(mut events: Receiver<String>, writer: Writer) {
    while let Some(text) = events.recv().await {
        if send(&writer, &format!("event {text}")).await.is_err() {
            break;
        }
    }
}

async fn keep_alive(writer: Writer) {
    let mut ticks = interval(KEEP_ALIVE);
    loop {
        ticks.tick().await;
        // Whether the peer is there is for others to find out.
        let _ = send(&writer, "ping").await;
    }
}

async fn send(writer: &Writer, line: &str) -> io::Result<()> {
    let mut writer = writer.lock().await;
    writer.write_all(format!("{line}\n").as_bytes()).await
}
