//! Who listens to which topic.

use std::collections::HashMap;

use tokio::sync::mpsc::{channel, Receiver, Sender};

use crate::node::{topic_id, TopicId};

/// Events that wait for a subscriber; more are lost.
const CAPACITY: usize = 32;

struct TopicStream {
    topic: String,
    events: Sender<String>,
}

#[derive(Default)]
pub struct TopicStreams {
    next_stream_id: usize,
    subscribed: HashMap<usize, TopicStream>,
    topic_id_to_stream: HashMap<TopicId, Vec<usize>>,
    topic_to_stream: HashMap<String, Vec<usize>>,
}

impl TopicStreams {
    pub fn subscribe(&mut self, topic: &str) -> (usize, Receiver<String>) {
        let id = self.next_stream_id;
        self.next_stream_id += 1;
        let (events, receiver) = channel(CAPACITY);
        let topic = topic.to_owned();
        let by_id = self.topic_id_to_stream.entry(topic_id(&topic));
        by_id.or_default().push(id);
        let by_name = self.topic_to_stream.entry(topic.clone());
        by_name.or_default().push(id);
        self.subscribed.insert(id, TopicStream { topic, events });
        (id, receiver)
    }

    pub fn unsubscribe(&mut self, id: usize) {
        if let Some(TopicStream { topic, .. }) = self.subscribed.remove(&id) {
            if let Some(ids) = self.topic_id_to_stream.get_mut(&topic_id(&topic)) {
                ids.retain(|other| *other != id);
            }
            if let Some(ids) = self.topic_to_stream.get_mut(&topic) {
                ids.retain(|other| *other != id);
            }
        }
    }

    /// How many streams an event went to.
    pub fn publish(&self, topic: &str, text: &str) -> usize {
        let ids = self.topic_to_stream.get(topic).into_iter().flatten();
        let streams = ids.filter_map(|id| self.subscribed.get(id));
        streams
            .filter(|stream| stream.events.try_send(text.to_owned()).is_ok())
            .count()
    }
}
