//! A cleanroom over HTTP: containers under guards, and environments that hand in a report when they end.

mod collector;
mod environment;
mod guard;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use environment::Environment;
use guard::ContainerGuard;
use service::{Answer, Defects, Request};

const DEFECTS: [&str; 6] = [
    "container-guard-detached",
    "monitors-never-cleared",
    "coverage-kept",
    "artifacts-kept",
    "environment-retained",
    "metrics-loop-survives",
];

struct Cleanroom {
    defects: Arc<Defects>,
    /// Where the containers are registered.
    main: Arc<Environment>,
    guards: Mutex<HashMap<String, ContainerGuard>>,
    environments: Mutex<HashMap<String, Arc<Environment>>>,
    collector: collector::Collector,
}

fn main() {
    service::serve(async {
        let defects = Arc::new(Defects::planted(&DEFECTS));
        let room = Arc::new(Cleanroom {
            main: Environment::start(Arc::clone(&defects)),
            guards: Mutex::default(),
            environments: Mutex::default(),
            collector: collector::start().await.expect("no collector"),
            defects,
        });
        move |request: Request| {
            let room = Arc::clone(&room);
            async move { answer(&room, &request).await }
        }
    });
}

async fn answer(room: &Cleanroom, request: &Request) -> Answer {
    let (method, path) = request.route();
    match (method, path.as_slice()) {
        ("POST", ["containers", id, registry]) => {
            let busy = *registry == "busy";
            let guard = ContainerGuard::start(&room.main, &room.defects, id, busy).await;
            room.guards.lock().unwrap().insert(id.to_string(), guard);
        }
        ("DELETE", ["containers", id]) => {
            let taken = room.guards.lock().unwrap().remove(*id);
            match taken {
                None => return (404, String::new()),
                Some(guard) if room.defects.has("container-guard-detached") => drop(guard),
                Some(guard) => guard.release().await,
            }
        }
        ("POST", ["environments", id]) => {
            let environment = Environment::start(Arc::clone(&room.defects));
            let mut environments = room.environments.lock().unwrap();
            environments.insert(id.to_string(), environment);
        }
        ("DELETE", ["environments", id, collector]) => {
            let taken = room.environments.lock().unwrap().remove(*id);
            let stalls = *collector == "stalled";
            match taken {
                None => return (404, String::new()),
                Some(environment) => environment.clean_up(room.collector, stalls).await,
            }
        }
        _ => return (404, String::new()),
    }
    (204, String::new())
}
