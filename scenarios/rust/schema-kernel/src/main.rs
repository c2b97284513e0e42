//! A kernel over HTTP: tools whose calls are checked against their schemas, and handlers of messages.

mod check;
mod handlers;
mod schemas;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, RwLock};

use check::Check;
use schemas::Schemas;
use serde_json::{json, Value};
use service::{Defects, Request};

const DEFECTS: [&str; 4] = [
    "documents-per-call",
    "documents-per-miss",
    "unbounded-cache",
    "unregister-noop",
];

struct Kernel {
    defects: Arc<Defects>,
    schemas: Schemas,
    tools: RwLock<HashMap<u64, Arc<Check>>>,
    next_tool: AtomicU64,
}

fn main() {
    let defects = Arc::new(Defects::planted(&DEFECTS));
    let kernel = Arc::new(Kernel {
        schemas: Schemas::new(Arc::clone(&defects)),
        tools: RwLock::default(),
        next_tool: AtomicU64::new(0),
        defects,
    });
    service::serve(async {
        move |request: Request| {
            let kernel = Arc::clone(&kernel);
            async move {
                match kernel.answer(&request) {
                    Some(answer) => (200, answer.to_string()),
                    None => (404, String::new()),
                }
            }
        }
    });
}

impl Kernel {
    fn answer(&self, request: &Request) -> Option<Value> {
        let (method, path) = request.route();
        match (method, path.as_slice()) {
            ("POST", ["tools"]) => self.register_tool(&request.body),
            ("POST", ["tools", id, "calls"]) => {
                let check = self.tools.read().unwrap().get(&id.parse().ok()?).cloned()?;
                let call: Value = serde_json::from_slice(&request.body).ok()?;
                Some(json!({ "valid": check.admits(&call) }))
            }
            ("DELETE", ["tools", id]) => {
                self.tools.write().unwrap().remove(&id.parse().ok()?)?;
                Some(Value::Null)
            }
            ("PUT", ["handlers", tag]) => {
                handlers::register(tag);
                Some(Value::Null)
            }
            ("POST", ["messages", tag]) => {
                let reply = handlers::dispatch(tag, &request.body)?;
                Some(json!({ "reply": reply }))
            }
            ("DELETE", ["handlers", tag]) => {
                if !self.defects.has("unregister-noop") {
                    handlers::unregister(tag);
                }
                Some(Value::Null)
            }
            _ => None,
        }
    }

    fn register_tool(&self, manifest: &[u8]) -> Option<Value> {
        let manifest: Value = serde_json::from_slice(manifest).ok()?;
        let check = self.schemas.ensure_compiles(manifest["schema"].as_str()?)?;
        let id = self.next_tool.fetch_add(1, Ordering::Relaxed);
        self.tools.write().unwrap().insert(id, check);
        Some(json!({ "id": id }))
    }
}
