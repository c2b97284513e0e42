//! The branch store over HTTP.

mod store;

use std::sync::Arc;

use service::{Answer, Defects, Request};
use store::Store;

fn main() {
    let store = Arc::new(Store::new(Defects::planted(&store::DEFECTS)));
    store.create_branch("main");
    service::serve(async {
        move |request: Request| {
            let store = Arc::clone(&store);
            async move { answer(&store, &request) }
        }
    });
}

fn answer(store: &Store, request: &Request) -> Answer {
    let (method, path) = request.route();
    match (method, path.as_slice()) {
        ("POST", ["branches", name]) => store.create_branch(name),
        ("DELETE", ["branches", name]) => store.delete_branch(name),
        ("PUT", ["branches", name, "keys", key]) => {
            if !store.commit(name, key, &[1; 64]) {
                return (404, String::new());
            }
        }
        ("GET", ["branches", name, "keys", key]) => match store.read(name, key) {
            Some(bytes) => return (200, bytes.to_string()),
            None => return (404, String::new()),
        },
        ("POST", ["branches", name, "collections", collection]) => {
            return (200, store.insert_vectors(name, collection).to_string());
        }
        _ => return (404, String::new()),
    }
    (204, String::new())
}
