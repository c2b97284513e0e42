//! A branchable store: keys with their versions, one commit lock for each branch, and vectors in memory.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::Mutex;

use dashmap::DashMap;
use service::Defects;

/// What can be planted: a commit lock or vectors that stay when their branch is deleted, versions that are never collected.
pub const DEFECTS: [&str; 3] = ["commit-locks", "vector-backends", "version-chains"];

struct Version {
    committed_at: u64,
    value: Box<[u8]>,
}

/// Every version of one key, the oldest first.
#[derive(Default)]
struct VersionChain {
    versions: Vec<Version>,
}

impl VersionChain {
    fn append(&mut self, version: Version) {
        self.versions.push(version);
    }

    /// Lets go of what no transaction that started at `oldest` or later can read.
    fn collect(&mut self, oldest: u64) {
        let visible = self
            .versions
            .partition_point(|version| version.committed_at <= oldest);
        self.versions.drain(..visible.saturating_sub(1));
    }
}

type Branch = DashMap<String, VersionChain>;

trait VectorBackend: Send + Sync {
    fn insert(&mut self, vector: &[f32]);
    fn bytes(&self) -> usize;
}

/// Vectors one behind the other.
struct VectorHeap {
    data: Vec<f32>,
}

impl VectorBackend for VectorHeap {
    fn insert(&mut self, vector: &[f32]) {
        self.data.extend_from_slice(vector);
    }

    fn bytes(&self) -> usize {
        std::mem::size_of_val(&self.data[..])
    }
}

const DIMENSIONS: usize = 32;
const VECTORS: usize = 16;

pub struct Store {
    defects: Defects,
    clock: AtomicU64,
    branches: DashMap<String, Branch>,
    /// Made by a branch's first commit.
    commit_locks: DashMap<String, Mutex<()>>,
    /// By branch and collection.
    vector_backends: DashMap<(String, String), Box<dyn VectorBackend>>,
}

impl Store {
    pub fn new(defects: Defects) -> Self {
        Store {
            defects,
            clock: AtomicU64::new(0),
            branches: DashMap::new(),
            commit_locks: DashMap::new(),
            vector_backends: DashMap::new(),
        }
    }

    pub fn create_branch(&self, name: &str) {
        self.branches.insert(name.to_owned(), Branch::new());
    }

    /// Writes a key, one commit after the other in each branch.
    pub fn commit(&self, branch: &str, key: &str, value: &[u8]) -> bool {
        let lock = self.commit_locks.entry(branch.to_owned()).or_default();
        let _held = lock.lock().unwrap();
        let keys = match self.branches.get(branch) {
            Some(keys) => keys,
            None => return false,
        };
        let committed_at = self.clock.fetch_add(1, Ordering::SeqCst);
        let mut chain = keys.entry(key.to_owned()).or_default();
        chain.append(Version {
            committed_at,
            value: value.into(),
        });
        if !self.defects.has("version-chains") {
            chain.collect(committed_at);
        }
        true
    }

    pub fn read(&self, branch: &str, key: &str) -> Option<usize> {
        let keys = self.branches.get(branch)?;
        let chain = keys.get(key)?;
        chain.versions.last().map(|version| version.value.len())
    }

    /// Fills a collection with vectors. Returns the bytes that they take.
    pub fn insert_vectors(&self, branch: &str, collection: &str) -> usize {
        let mut backend = self
            .vector_backends
            .entry((branch.to_owned(), collection.to_owned()))
            .or_insert_with(|| {
                Box::new(VectorHeap {
                    data: Vec::with_capacity(VECTORS * DIMENSIONS),
                })
            });
        for _ in 0..VECTORS {
            backend.insert(&[0.5; DIMENSIONS]);
        }
        backend.bytes()
    }

    /// Removes the branch and everything that belongs to it.
    pub fn delete_branch(&self, name: &str) {
        self.branches.remove(name);
        if !self.defects.has("commit-locks") {
            self.commit_locks.remove(name);
        }
        if !self.defects.has("vector-backends") {
            self.vector_backends.retain(|(branch, _), _| branch != name);
        }
    }
}
