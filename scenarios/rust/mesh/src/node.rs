//! What all peers of a node share.

use service::Defects;
use tokio::sync::{Mutex, RwLock};

use crate::address_book::AddressBook;
use crate::topic_streams::TopicStreams;

pub type TopicId = [u8; 32];

pub struct Node {
    pub defects: Defects,
    pub address_book: RwLock<AddressBook>,
    pub streams: Mutex<TopicStreams>,
}

impl Node {
    pub fn new(defects: Defects) -> Self {
        Node {
            defects,
            address_book: RwLock::default(),
            streams: Mutex::default(),
        }
    }

    /// Forgets a peer that has gone, with the streams that it left open.
    pub async fn forget(&self, name: &str, streams: &[usize]) {
        let mut book = self.address_book.write().await;
        if !self.defects.has("addresses-kept") {
            book.forget_addresses(name);
        }
        if !self.defects.has("peer-topics-kept") {
            book.forget_topics(name);
        }
        if !self.defects.has("zombie-streams") {
            let mut all = self.streams.lock().await;
            streams.iter().for_each(|id| all.unsubscribe(*id));
        }
    }
}

/// The topic's name as far as it fits, which is enough to distinguish topics.
pub fn topic_id(topic: &str) -> TopicId {
    let mut id = TopicId::default();
    for (place, byte) in id.iter_mut().zip(topic.bytes()) {
        *place = byte;
    }
    id
}
