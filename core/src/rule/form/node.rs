//! Nodes of the JSON form: `all`, `any`, `not`, and the version beside the outermost.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::RuleForm;
use super::condition::{Parts, Values};
use crate::limits::RULE_FORM_LEVELS_MAX;
use crate::rule::Node;

/// The version of the form that is written, and the only one that is read.
const VERSION: u64 = 1;

impl Serialize for RuleForm {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(2))?;
        map.serialize_entry("v", &VERSION)?;
        match &self.root {
            // A condition has a `v` of its own, so it cannot stand beside the version.
            Node::Condition(_) => map.serialize_entry("all", core::slice::from_ref(&Written(&self.root)))?,
            node => entry(&mut map, node)?,
        }
        map.end()
    }
}

/// A node as it is written below the outermost.
struct Written<'a>(&'a Node);

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if let Node::Condition(condition) = self.0 {
            return Parts::of(condition).serialize(to);
        }
        let mut map = to.serialize_map(Some(1))?;
        entry(&mut map, self.0)?;
        map.end()
    }
}

fn entry<M: SerializeMap>(map: &mut M, node: &Node) -> Result<(), M::Error> {
    match node {
        Node::All(parts) => map.serialize_entry("all", &parts.iter().map(Written).collect::<Vec<_>>()),
        Node::Any(parts) => map.serialize_entry("any", &parts.iter().map(Written).collect::<Vec<_>>()),
        Node::Not(part) => map.serialize_entry("not", &Written(part)),
        Node::Condition(_) => Ok(()),
    }
}

impl<'de> serde::Deserialize<'de> for RuleForm {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let root = Read { levels: RULE_FORM_LEVELS_MAX, outermost: true }.deserialize(from)?;
        Ok(Self { root })
    }
}

/// Reads a node with at most `levels` of nodes inside each other, itself included.
#[derive(Clone, Copy)]
struct Read {
    levels: usize,
    outermost: bool,
}

impl Read {
    fn below<E: serde::de::Error>(self) -> Result<Self, E> {
        match self.levels.checked_sub(1) {
            Some(levels @ 1..) => Ok(Self { levels, outermost: false }),
            _ => Err(E::custom(format_args!("more than {RULE_FORM_LEVELS_MAX} nodes inside each other"))),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Read {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Node, D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Read {
    type Value = Node;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a node: all, any, not, or a condition with op")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut node = None;
        let mut version = None;
        let mut parts = Parts::default();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "v" if self.outermost => once(&mut version, "v", map.next_value::<u64>()?)?,
                "v" => once(&mut parts.values, "v", map.next_value::<Values>()?)?,
                "f" => once(&mut parts.field, "f", map.next_value()?)?,
                "op" => once(&mut parts.operator, "op", map.next_value()?)?,
                "q" => once(&mut parts.quantifier, "q", map.next_value()?)?,
                "all" => once(&mut node, "all", Node::All(map.next_value_seed(ReadAll(self.below()?))?))?,
                "any" => once(&mut node, "any", Node::Any(map.next_value_seed(ReadAll(self.below()?))?))?,
                "not" => once(&mut node, "not", Node::Not(Box::new(map.next_value_seed(self.below()?)?)))?,
                _ => return Err(A::Error::unknown_field(&key, KEYS)),
            }
        }
        self.finish(node, version, parts)
    }
}

/// The keys of nodes and conditions.
const KEYS: &[&str] = &["v", "all", "any", "not", "f", "op", "q"];

impl Read {
    fn finish<E: serde::de::Error>(
        self,
        node: Option<Node>,
        version: Option<u64>,
        parts: Parts,
    ) -> Result<Node, E> {
        if self.outermost && version != Some(VERSION) {
            return Err(E::custom(format_args!("no version; expected \"v\":{VERSION}")));
        }
        match node {
            Some(_) if parts.is_any_given() => Err(E::custom("a node with the keys of a condition")),
            Some(Node::All(parts) | Node::Any(parts)) if parts.is_empty() => {
                Err(E::custom("all or any of nothing; expected at least one node"))
            }
            Some(node) => Ok(node),
            None if self.outermost => Err(E::custom("no all, any or not beside the version")),
            None => parts.condition().map(Node::Condition),
        }
    }
}

fn once<T, E: serde::de::Error>(place: &mut Option<T>, key: &'static str, value: T) -> Result<(), E> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(E::duplicate_field(key)),
    }
}

/// Reads a list of nodes.
struct ReadAll(Read);

impl<'de> DeserializeSeed<'de> for ReadAll {
    type Value = Vec<Node>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Vec<Node>, D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for ReadAll {
    type Value = Vec<Node>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a list of nodes")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<Node>, A::Error> {
        let mut nodes = Vec::new();
        while let Some(node) = items.next_element_seed(self.0)? {
            nodes.push(node);
        }
        Ok(nodes)
    }
}
