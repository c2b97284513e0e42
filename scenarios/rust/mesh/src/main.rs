//! A node of a mesh: peers come over TCP, its state is asked for over HTTP.

mod address_book;
mod node;
mod peers;
mod topic_streams;

use std::sync::Arc;

use node::Node;
use service::{Answer, Defects, Request};

const DEFECTS: [&str; 5] = [
    "addresses-kept",
    "peer-topics-kept",
    "detached-drivers",
    "unsubscribe-noop",
    "zombie-streams",
];

fn main() {
    service::serve(async {
        let node = Arc::new(Node::new(Defects::planted(&DEFECTS)));
        let port = peers::listen(node).await.expect("no port for peers");
        move |request: Request| async move { answer(port, &request) }
    });
}

fn answer(port: u16, request: &Request) -> Answer {
    match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/node") => (200, format!("{{\"peerPort\":{port}}}")),
        _ => (404, String::new()),
    }
}
