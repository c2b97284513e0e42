//! Who handles which messages, in a registry of the whole program.

use std::collections::HashMap;
use std::sync::RwLock;

use once_cell::sync::Lazy;

type HandlerFn = Box<dyn Fn(&[u8]) -> String + Send + Sync>;

static REGISTRY: Lazy<RwLock<HashMap<String, HandlerFn>>> = Lazy::new(RwLock::default);

/// What a handler keeps for itself.
const STATE_BYTES: usize = 1024;

pub fn register(tag: &str) {
    let own = tag.to_owned();
    let state = vec![0_u8; STATE_BYTES];
    let handler = move |message: &[u8]| {
        debug_assert!(message.len() <= state.len());
        format!("re: {own}")
    };
    let mut registry = REGISTRY.write().unwrap();
    registry.insert(tag.to_owned(), Box::new(handler));
}

pub fn unregister(tag: &str) {
    REGISTRY.write().unwrap().remove(tag);
}

/// Nothing where nobody handles it.
pub fn dispatch(tag: &str, message: &[u8]) -> Option<String> {
    let registry = REGISTRY.read().unwrap();
    registry.get(tag).map(|handler| handler(message))
}
