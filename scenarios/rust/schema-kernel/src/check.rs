//! What the document of a schema is compiled to.

use std::collections::HashMap;

use serde_json::Value;

pub enum Check {
    Anything,
    Constant(Value),
    Text {
        least: usize,
    },
    List(Box<Check>),
    Object {
        properties: HashMap<String, Check>,
        required: Vec<String>,
        admits_others: bool,
    },
}

impl Check {
    /// Keeps nothing of the document, but asks for one that stays for as long as the program: `jsonschema` did so once.
    pub fn compile_static(document: &'static Value) -> Check {
        Check::compile(document)
    }

    pub fn compile(document: &Value) -> Check {
        if let Some(value) = document.get("const") {
            return Check::Constant(value.clone());
        }
        match document["type"].as_str() {
            Some("string") => Check::Text {
                least: document["minLength"].as_u64().unwrap_or(0) as usize,
            },
            Some("array") => Check::List(Box::new(Check::compile(&document["items"]))),
            Some("object") => Check::object(document),
            _ => Check::Anything,
        }
    }

    fn object(document: &Value) -> Check {
        let properties = document["properties"].as_object().into_iter().flatten();
        let required = document["required"].as_array().into_iter().flatten();
        Check::Object {
            properties: properties
                .map(|(name, value)| (name.clone(), Check::compile(value)))
                .collect(),
            required: required
                .filter_map(|name| name.as_str().map(str::to_owned))
                .collect(),
            admits_others: document["additionalProperties"] != Value::Bool(false),
        }
    }

    pub fn admits(&self, value: &Value) -> bool {
        match (self, value) {
            (Check::Anything, _) => true,
            (Check::Constant(constant), _) => constant == value,
            (Check::Text { least }, Value::String(text)) => text.chars().count() >= *least,
            (Check::List(check), Value::Array(items)) => {
                items.iter().all(|item| check.admits(item))
            }
            (
                Check::Object {
                    properties,
                    required,
                    admits_others,
                },
                Value::Object(fields),
            ) => {
                let admits = |(name, field): (&String, &Value)| match properties.get(name) {
                    Some(check) => check.admits(field),
                    None => *admits_others,
                };
                required.iter().all(|name| fields.contains_key(name)) && fields.iter().all(admits)
            }
            _ => false,
        }
    }
}
