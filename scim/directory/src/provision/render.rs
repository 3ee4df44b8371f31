//! Rows as SCIM resources.

use crate::error::StoreError;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use cohort_core::graph::Graph;
use cohort_core::id::{GroupId, Instant, UserId};
use cohort_core::model::EdgeKind;
use cohort_core::view::{Member, Via};
use cohort_scim::resource::{Meta, Related, Relation};
use cohort_scim::{Document, MemberKind, Projection, Representation, ResourceType};
use serde_json::{Map, Value};

use crate::caller::Connection;
use crate::limits::GLANCE_MAX;
use crate::moment::Moment;
use crate::org::{Org, SharedOrg};
use crate::store::groups::GroupRow;
use crate::store::users::{Stamp, UserRow};
use crate::store::{OrgKey, Store};

/// A resource as JSON.
type Object = Map<String, Value>;

/// Where a resource is looked at, for whom, and when.
pub(super) struct Place<'a> {
    pub(super) store: &'a dyn Store,
    pub(super) org: OrgKey,
    pub(super) memberships: Memberships<'a>,
    pub(super) connection: &'a Connection,
    /// URL of the SCIM root.
    pub(super) base: &'a str,
    pub(super) now: Instant,
    /// Names of the connection's groups that were needed so far; none for groups that are not its own. Users of
    /// one page share most of their groups.
    pub(super) group_names: GroupNames,
}

/// Where it is looked up which groups a user is in.
#[derive(Clone, Copy)]
pub(crate) enum Memberships<'a> {
    /// In the graph of the request that is under way.
    Here(&'a Org),
    /// In the graph as it is at each look, so that reading many resources does not hold up the writer.
    Shared(&'a SharedOrg),
    /// In a graph that is only glanced at: where there is more than [`GLANCE_MAX`] to see, nothing is shown, and the
    /// cell says that what was made of it is no answer.
    Glanced(&'a Org, &'a Cell<bool>),
}

impl Memberships<'_> {
    /// The groups that the user is in, and whether directly.
    fn groups_of(self, user: UserId, at: Instant) -> Vec<(GroupId, bool)> {
        match self {
            Self::Here(org) => org.graph.groups_of(user, at),
            Self::Shared(org) => org.read().graph.groups_of(user, at),
            Self::Glanced(org, is_over) => {
                if has_few_memberships(&org.graph, user) {
                    return org.graph.groups_of(user, at);
                }
                is_over.set(true);
                Vec::new()
            }
        }
    }

    /// Whether the members of the group are too many to be looked at here.
    fn passes_over(self, group: GroupId) -> bool {
        let Self::Glanced(org, is_over) = self else { return false };
        let has_many = org.graph.members(group).nth(GLANCE_MAX).is_some();
        is_over.set(is_over.get() || has_many);
        has_many
    }

    /// Whether more than `most` are in the group itself. Cost: `most`.
    fn has_more(self, group: GroupId, most: usize) -> bool {
        match self {
            Self::Here(org) | Self::Glanced(org, _) => org.graph.members(group).nth(most).is_some(),
            Self::Shared(org) => org.read().graph.members(group).nth(most).is_some(),
        }
    }
}

/// Whether at most [`GLANCE_MAX`] memberships lie above the user; as many are looked at.
fn has_few_memberships(graph: &Graph, user: UserId) -> bool {
    let (mut waiting, mut seen) = (vec![Member::User(user)], 0);
    while let Some(member) = waiting.pop() {
        for (group, ..) in graph.memberships(member) {
            seen += 1;
            if seen > GLANCE_MAX {
                return false;
            }
            waiting.push(Member::Group(group));
        }
    }
    true
}

/// Names of groups, read once each.
pub(super) type GroupNames = RefCell<BTreeMap<GroupId, Option<String>>>;

/// A member of a group, or a group of a user.
struct Relative {
    value: String,
    location: String,
    display: String,
    relation: Relation,
}

impl Place<'_> {
    /// The URL of a resource.
    pub(super) fn location(&self, kind: ResourceType, id: &str) -> String {
        format!("{}/{}/{id}", self.base, kind.endpoint())
    }

    /// A user, with the groups of this connection that they are in.
    pub(super) fn user(&self, user: &UserRow, projection: &Projection) -> Result<Object, StoreError> {
        let groups = if projection.wants("groups") { self.groups_of(user)? } else { Vec::new() };
        Ok(self.render(
            ResourceType::User,
            &user.id.to_string(),
            &user.document,
            user.stamp,
            &groups,
            projection,
        ))
    }

    /// A group, with the members that its connection put into it.
    pub(super) fn group(&self, group: &GroupRow, projection: &Projection) -> Result<Object, StoreError> {
        let members = if projection.wants("members") { self.members_of(group)? } else { Vec::new() };
        let id = group.id.to_string();
        Ok(self.render(ResourceType::Group, &id, &group.document, group.stamp, &members, projection))
    }

    /// Whether the group has more members than `most`, and the answer would list them.
    pub(super) fn is_larger(&self, group: &GroupRow, projection: &Projection, most: usize) -> bool {
        most < usize::MAX && projection.wants("members") && self.memberships.has_more(group.id, most)
    }

    fn groups_of(&self, user: &UserRow) -> Result<Vec<Relative>, StoreError> {
        let mut groups = Vec::new();
        for (id, direct) in self.memberships.groups_of(user.id, self.now) {
            let Some(display) = self.group_name(id)? else { continue };
            let value = id.to_string();
            groups.push(Relative {
                location: self.location(ResourceType::Group, &value),
                value,
                display,
                relation: if direct { Relation::Direct } else { Relation::Indirect },
            });
        }
        Ok(groups)
    }

    /// What a group of this connection is called; none for another one's.
    fn group_name(&self, id: GroupId) -> Result<Option<String>, StoreError> {
        if let Some(known) = self.group_names.borrow().get(&id) {
            return Ok(known.clone());
        }
        let name = self.store.pushed_group_name(self.connection.key, id)?;
        self.group_names.borrow_mut().insert(id, name.clone());
        Ok(name)
    }

    fn members_of(&self, group: &GroupRow) -> Result<Vec<Relative>, StoreError> {
        if self.memberships.passes_over(group.id) {
            return Ok(Vec::new());
        }
        let edges = self.store.edges_into(group.id)?.into_iter();
        let pushed =
            edges.filter(|named| named.edge.key.via == Via::Scim && named.edge.key.kind == EdgeKind::Include);
        let relatives = pushed.map(|named| {
            let (value, kind, endpoint) = match named.edge.key.member {
                Member::User(id) => (id.to_string(), MemberKind::User, ResourceType::User),
                Member::Group(id) => (id.to_string(), MemberKind::Group, ResourceType::Group),
            };
            Relative {
                location: self.location(endpoint, &value),
                value,
                display: named.display_name,
                relation: Relation::Member(kind),
            }
        });
        Ok(relatives.collect())
    }

    fn render(
        &self,
        resource_type: ResourceType,
        id: &str,
        document: &Document,
        stamp: Stamp,
        relatives: &[Relative],
        projection: &Projection,
    ) -> Object {
        let (created, last_modified) =
            (Moment(stamp.created_at).to_string(), Moment(stamp.changed_at).to_string());
        let (location, version) = (self.location(resource_type, id), stamp.etag());
        let related: Vec<Related<'_>> = relatives
            .iter()
            .map(|relative| Related {
                value: &relative.value,
                location: &relative.location,
                display: Some(&relative.display),
                relation: relative.relation,
            })
            .collect();
        let meta =
            Meta { created: &created, last_modified: &last_modified, location: &location, version: &version };
        Representation { resource_type, id, document, meta, related: &related }.render(projection)
    }
}
