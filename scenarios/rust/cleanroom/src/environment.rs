//! Where containers run, with a registry of them and a loop that takes its metrics.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;
use std::time::{Duration, Instant};

use service::Defects;
use tokio::sync::{Mutex, RwLock};
use tokio::task::JoinHandle;
use tokio::time::{interval, timeout};

use crate::collector::Collector;

const METRICS_INTERVAL: Duration = Duration::from_secs(1);
const CLEAN_UP_LIMIT: Duration = Duration::from_millis(20);

struct Container {
    started_at: Instant,
    /// How often it answers that it has no time before it lets the container go.
    busy_answers: u8,
}

/// The registry has no time: ask again.
pub struct Busy;

pub struct Environment {
    defects: Arc<Defects>,
    containers: RwLock<HashMap<String, Container>>,
    running: AtomicUsize,
    metrics_loop: Mutex<Option<JoinHandle<()>>>,
}

impl Environment {
    pub fn start(defects: Arc<Defects>) -> Arc<Self> {
        let environment = Arc::new(Environment {
            defects,
            containers: RwLock::default(),
            running: AtomicUsize::new(0),
            metrics_loop: Mutex::default(),
        });
        let measured = Arc::clone(&environment);
        let task = tokio::spawn(async move {
            let mut ticks = interval(METRICS_INTERVAL);
            loop {
                ticks.tick().await;
                let running = measured.containers.read().await.len();
                measured.running.store(running, Ordering::Relaxed);
            }
        });
        *environment.metrics_loop.try_lock().unwrap() = Some(task);
        environment
    }

    pub async fn register(&self, id: &str, busy: bool) {
        let container = Container {
            started_at: Instant::now(),
            busy_answers: u8::from(busy),
        };
        let mut containers = self.containers.write().await;
        containers.insert(id.to_owned(), container);
    }

    pub async fn unregister(&self, id: &str) -> Result<(), Busy> {
        let mut containers = self.containers.write().await;
        if let Some(container) = containers.get_mut(id) {
            if container.busy_answers > 0 {
                container.busy_answers -= 1;
                return Err(Busy);
            }
        }
        containers.remove(id);
        Ok(())
    }

    pub async fn uptime(&self, id: &str) -> Option<Duration> {
        let containers = self.containers.read().await;
        Some(containers.get(id)?.started_at.elapsed())
    }

    /// Ends the metrics loop and hands in the report. Returns when both are done, or the time for it is over.
    pub async fn clean_up(self: Arc<Self>, collector: Collector, stalls: bool) {
        if !self.defects.has("metrics-loop-survives") {
            if let Some(task) = self.metrics_loop.lock().await.take() {
                task.abort();
                let _ = task.await;
            }
        }
        if self.defects.has("environment-retained") {
            // Nobody waits for the task, and nothing limits its time.
            tokio::spawn(async move {
                let _ = collector.hand_in(stalls).await;
                drop(self);
            });
        } else {
            let _ = timeout(CLEAN_UP_LIMIT, collector.hand_in(stalls)).await;
        }
    }
}
