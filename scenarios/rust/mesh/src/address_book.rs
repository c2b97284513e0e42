//! Where peers are, and what they are interested in.

use std::collections::{HashMap, HashSet};

use crate::node::TopicId;

#[derive(Default)]
pub struct AddressBook {
    known_peer_addresses: HashMap<String, HashSet<String>>,
    known_peer_topic_ids: HashMap<String, HashSet<TopicId>>,
}

impl AddressBook {
    pub fn add_peer(&mut self, name: &str, address: &str) {
        let addresses = self.known_peer_addresses.entry(name.to_owned());
        addresses.or_default().insert(address.to_owned());
    }

    pub fn add_topic(&mut self, name: &str, topic: TopicId) {
        let topics = self.known_peer_topic_ids.entry(name.to_owned());
        topics.or_default().insert(topic);
    }

    pub fn forget_addresses(&mut self, name: &str) {
        self.known_peer_addresses.remove(name);
    }

    pub fn forget_topics(&mut self, name: &str) {
        self.known_peer_topic_ids.remove(name);
    }
}
