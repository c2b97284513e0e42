//! Compiled schemas, kept by what they were compiled from.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::Arc;

use dashmap::DashMap;
use serde_json::Value;
use service::Defects;

use crate::check::Check;

const ENTRIES: usize = 1_000;

struct Entry {
    check: Arc<Check>,
    used_at: u64,
}

pub struct Schemas {
    defects: Arc<Defects>,
    cache: DashMap<u64, Entry>,
    clock: AtomicU64,
}

impl Schemas {
    pub fn new(defects: Arc<Defects>) -> Self {
        Schemas {
            defects,
            cache: DashMap::new(),
            clock: AtomicU64::new(0),
        }
    }

    /// Nothing for text that is no schema.
    pub fn ensure_compiles(&self, text: &str) -> Option<Arc<Check>> {
        let document: Value = serde_json::from_str(text).ok()?;
        if self.defects.has("documents-per-call") {
            let document: &'static Value = Box::leak(Box::new(document));
            return Some(Arc::new(Check::compile_static(document)));
        }
        let key = hash_of(text);
        let used_at = self.clock.fetch_add(1, Ordering::Relaxed);
        if let Some(mut entry) = self.cache.get_mut(&key) {
            entry.used_at = used_at;
            return Some(Arc::clone(&entry.check));
        }
        let check = Arc::new(if self.defects.has("documents-per-miss") {
            let document: &'static Value = Box::leak(Box::new(document));
            Check::compile_static(document)
        } else {
            Check::compile(&document)
        });
        let kept = Arc::clone(&check);
        let entry = Entry {
            check: kept,
            used_at,
        };
        self.cache.insert(key, entry);
        // Two that evict at once may choose the same entry: each looks again.
        while self.cache.len() > ENTRIES && !self.defects.has("unbounded-cache") {
            self.evict();
        }
        Some(check)
    }

    /// Lets go of the schema that was used longest ago.
    fn evict(&self) {
        let oldest = self.cache.iter().min_by_key(|entry| entry.used_at);
        let key = oldest.map(|entry| *entry.key());
        if let Some(key) = key {
            self.cache.remove(&key);
        }
    }
}

fn hash_of(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
