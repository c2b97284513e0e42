//! A container and all that is made for it, given back by whoever holds its guard.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use service::Defects;
use tokio::task::JoinHandle;
use tokio::time::{interval, sleep};

use crate::environment::Environment;

const HEALTH_INTERVAL: Duration = Duration::from_secs(1);
const BUSY_PAUSE: Duration = Duration::from_millis(1);

pub struct ContainerGuard {
    id: String,
    environment: Arc<Environment>,
    defects: Arc<Defects>,
    health_check: Option<JoinHandle<()>>,
    is_registered: bool,
}

impl ContainerGuard {
    pub async fn start(
        environment: &Arc<Environment>,
        defects: &Arc<Defects>,
        id: &str,
        busy: bool,
    ) -> Self {
        environment.register(id, busy).await;
        let guard = ContainerGuard {
            id: id.to_owned(),
            environment: Arc::clone(environment),
            defects: Arc::clone(defects),
            health_check: Some(tokio::spawn(watch(Arc::clone(environment), id.to_owned()))),
            is_registered: true,
        };
        fs::write(guard.profile(), [0; 4096]).expect("no coverage profile");
        fs::create_dir_all(artifacts()).expect("no directory of artifacts");
        fs::write(guard.artifact(), b"report").expect("no artifact");
        guard
    }

    /// Gives everything back, and returns when all of it is.
    pub async fn release(mut self) {
        if let Some(task) = self.stop_watching() {
            let _ = task.await;
        }
        while self.environment.unregister(&self.id).await.is_err() {
            sleep(BUSY_PAUSE).await;
        }
        self.is_registered = false;
    }

    /// Without its abort a task goes on when nobody holds its handle.
    fn stop_watching(&mut self) -> Option<JoinHandle<()>> {
        let task = self.health_check.take()?;
        if self.defects.has("monitors-never-cleared") {
            return None;
        }
        task.abort();
        Some(task)
    }

    fn profile(&self) -> PathBuf {
        std::env::temp_dir().join(format!("coverage_{}.profraw", self.id))
    }

    fn artifact(&self) -> PathBuf {
        artifacts().join(&self.id)
    }
}

impl Drop for ContainerGuard {
    /// Cannot wait: what is registered still is left to a task that nobody knows, and whose failure nobody sees.
    fn drop(&mut self) {
        self.stop_watching();
        if !self.defects.has("coverage-kept") {
            let _ = fs::remove_file(self.profile());
        }
        if !self.defects.has("artifacts-kept") {
            let _ = fs::remove_file(self.artifact());
        }
        if self.is_registered {
            let environment = Arc::clone(&self.environment);
            let id = self.id.clone();
            tokio::spawn(async move {
                let _ = environment.unregister(&id).await;
            });
        }
    }
}

/// Containers share one directory of artifacts.
fn artifacts() -> PathBuf {
    std::env::temp_dir().join("cleanroom-artifacts")
}

async fn watch(environment: Arc<Environment>, id: String) {
    let mut ticks = interval(HEALTH_INTERVAL);
    loop {
        ticks.tick().await;
        environment.uptime(&id).await;
    }
}
