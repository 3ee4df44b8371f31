//! From the statements of a world to requests over TCP, as the people and providers of that world would send them.
//!
//! Users and groups `from` a connection come by SCIM in that provider's shapes; everything else through the
//! management API. Instants of the world are shifted so that its `at` is now.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Map, Value, json};

use crate::client::Client;
use crate::failure::Failure;
use crate::program::Server;
use crate::shapes::{Provider, UserChange};
use crate::world::{self, Attribute, Edges, GroupState, Principal, Span, Statement, User};

/// An organisation on a server that follows the statements of a world.
#[derive(Debug)]
pub struct Tenant {
    /// The organisation's slug.
    pub org: String,
    /// The management API with an administrator's token.
    pub management: Client,
    /// Milliseconds from the world's instants to those of the server.
    pub shift_millis: i64,
    connections: BTreeMap<String, Client>,
    users: BTreeMap<String, Person>,
    groups: BTreeMap<String, Pushed>,
}

#[derive(Debug)]
struct Person {
    id: String,
    told: User,
}

/// A group's id, and the connection that it comes from.
#[derive(Debug)]
struct Pushed {
    id: String,
    connection: Option<String>,
}

impl Tenant {
    /// The organisation `org` of `server`, which nothing was told yet.
    ///
    /// # Errors
    /// [`Failure`] when no token can be had.
    pub fn new(server: &Server, org: &str) -> Result<Self, Failure> {
        let token = server.token(org, &["admin"])?;
        Ok(Self {
            org: org.to_string(),
            management: Client::management(&server.url, org, &token),
            shift_millis: 0,
            connections: BTreeMap::new(),
            users: BTreeMap::new(),
            groups: BTreeMap::new(),
        })
    }

    /// Makes a connection of this name, with the habits of the provider that it is named for.
    ///
    /// # Errors
    /// [`Failure`] when no token can be had.
    pub fn connect(&mut self, server: &Server, name: &str) -> Result<(), Failure> {
        let dialect = Provider::of(name).dialect();
        let token = server.token(&self.org, &["scim", "--connection", name, "--dialect", dialect])?;
        self.connections.insert(name.to_string(), Client::scim(&server.url, &self.org, &token));
        Ok(())
    }

    /// The server's id of a user.
    #[must_use]
    pub fn user_id(&self, name: &str) -> Option<&str> {
        Some(self.users.get(name)?.id.as_str())
    }

    /// The server's id of a group.
    #[must_use]
    pub fn group_id(&self, name: &str) -> Option<&str> {
        Some(self.groups.get(name)?.id.as_str())
    }

    /// The SCIM client of a connection.
    #[must_use]
    pub fn connection(&self, name: &str) -> Option<&Client> {
        self.connections.get(name)
    }

    /// Sends the requests of one statement; questions and counts send none.
    ///
    /// # Errors
    /// [`Failure`] when a request does not succeed or the statement cannot be said over TCP.
    pub async fn carry_out(&mut self, line: &world::Line) -> Result<(), Failure> {
        match &line.statement {
            Statement::At(_)
            | Statement::Org { .. }
            | Statement::Ask(_)
            | Statement::Count { .. }
            | Statement::Owners { .. } => Ok(()),
            Statement::OrgState { enabled } => {
                self.management.patch("/org", &json!({"enabled": enabled})).await.map(drop)
            }
            Statement::Scope { scope, parents } => self.put_scope(scope, parents).await,
            Statement::User(user) => self.create_user(user).await,
            Statement::Person { name, .. } => Err(unsaid(name)),
            Statement::Group(group) => self.create_group(group).await,
            Statement::Nest(edges) => self.nest(edges).await,
            Statement::Role(role) => {
                let body =
                    json!({"name": role.name, "permissions": role.permissions, "includes": role.includes});
                self.management.post("/roles", &body).await.map(drop)
            }
            Statement::Grant(grant) => self.grant(grant).await,
            Statement::Member { edges, owner } => self.add_members(edges, *owner).await,
            Statement::Exclude(edges) => {
                let body = json!({"userIds": self.user_ids(edges)?, "kind": "exclude"});
                self.post_members(edges, body).await
            }
            Statement::Set { user, attributes, active } => self.change_user(user, attributes, *active).await,
            Statement::Unmember(edges) => self.remove_members(edges).await,
            Statement::State { group, state } => {
                let path = format!("/groups/{}", self.group(group)?.id);
                self.management.patch(&path, &json!({"state": state_word(*state)})).await.map(drop)
            }
            Statement::Revoke { role, principal, scope } => self.revoke(role, principal, scope).await,
            Statement::Remove { user } => self.remove_user(user).await,
            Statement::Delete { group } => {
                let path = format!("/groups/{}", self.group(group)?.id);
                self.management.delete(&path).await.map(drop)
            }
        }
    }

    async fn put_scope(&self, scope: &str, parents: &[String]) -> Result<(), Failure> {
        let body = json!({"scope": scope, "parents": parents});
        self.management.expect(Method::PUT, "/scopes", Some(&body)).await.map(drop)
    }

    async fn create_user(&mut self, user: &User) -> Result<(), Failure> {
        let created = match &user.connection {
            Some(connection) => {
                let (scim, provider) = self.provider(connection)?;
                scim.get(&format!("/Users{}", provider.match_query("userName", &user.name))).await?;
                let sent = User { attributes: self.with_ids(&user.attributes), ..user.clone() };
                scim.post("/Users", &provider.user(&sent)).await?
            }
            None => {
                let attributes = attributes_json(&user.attributes);
                let body = json!({"userName": user.name, "active": user.active, "attributes": attributes});
                self.management.post("/users", &body).await?
            }
        };
        let id = id_of(&created);
        self.users.insert(user.name.clone(), Person { id, told: user.clone() });
        Ok(())
    }

    async fn create_group(&mut self, group: &world::Group) -> Result<(), Failure> {
        if !self.groups.contains_key(&group.name) {
            let (title, connection) =
                (group.title.as_deref().unwrap_or(&group.name), group.connection.as_deref());
            let created = match connection {
                Some(connection) => {
                    let (scim, provider) = self.provider(connection)?;
                    let wanted = title.replace('&', "%26").replace(' ', "%20");
                    scim.get(&format!("/Groups{}", provider.match_query("displayName", &wanted))).await?;
                    scim.post("/Groups", &provider.group(title)).await?
                }
                None => {
                    let metadata = json!({"example": group.example});
                    let body = json!({"name": title, "slug": group.name, "metadata": metadata});
                    self.management.post("/groups", &body).await?
                }
            };
            let pushed = Pushed { id: id_of(&created), connection: connection.map(String::from) };
            self.groups.insert(group.name.clone(), pushed);
        }
        let mut change = Map::new();
        change.extend(group.rule.as_ref().map(|rule| ("rule".to_string(), json!(rule))));
        change.extend(group.state.map(|state| ("state".to_string(), json!(state_word(state)))));
        if change.is_empty() {
            return Ok(());
        }
        let path = format!("/groups/{}", self.group(&group.name)?.id);
        self.management.patch(&path, &Value::Object(change)).await.map(drop)
    }

    async fn nest(&mut self, edges: &Edges) -> Result<(), Failure> {
        if !self.groups.contains_key(&edges.group) {
            let body = json!({"name": edges.group, "slug": edges.group});
            let created = self.management.post("/groups", &body).await?;
            self.groups.insert(edges.group.clone(), Pushed { id: id_of(&created), connection: None });
        }
        for member in &edges.members {
            let body = match self.groups.get(member) {
                Some(group) => json!({"groupId": group.id}),
                None => json!({"userId": self.person(member)?.id}),
            };
            self.post_members(edges, body).await?;
        }
        Ok(())
    }

    async fn add_members(&self, edges: &Edges, owner: bool) -> Result<(), Failure> {
        let group = self.group(&edges.group)?;
        if let Some(connection) = &group.connection {
            let (scim, provider) = self.provider(connection)?;
            let body = provider.add_members(&self.user_ids(edges)?);
            return scim.patch(&format!("/Groups/{}", group.id), &body).await.map(drop);
        }
        let role = if owner { "owner" } else { "member" };
        let body = json!({"userIds": self.user_ids(edges)?, "role": role});
        self.post_members(edges, body).await
    }

    async fn post_members(&self, edges: &Edges, mut body: Value) -> Result<(), Failure> {
        self.add_span(&mut body, edges.span);
        let path = format!("/groups/{}/members", self.group(&edges.group)?.id);
        self.management.post(&path, &body).await.map(drop)
    }

    async fn remove_members(&self, edges: &Edges) -> Result<(), Failure> {
        let group = self.group(&edges.group)?;
        if let Some(connection) = &group.connection {
            let (scim, provider) = self.provider(connection)?;
            let body = provider.remove_members(&self.user_ids(edges)?);
            return scim.patch(&format!("/Groups/{}", group.id), &body).await.map(drop);
        }
        for member in &edges.members {
            let id = self
                .groups
                .get(member)
                .map_or_else(|| self.person(member).map(|one| &one.id), |one| Ok(&one.id));
            self.management.delete(&format!("/groups/{}/members/{}", group.id, id?)).await?;
        }
        Ok(())
    }

    async fn change_user(
        &mut self,
        name: &str,
        told: &[Attribute],
        active: Option<bool>,
    ) -> Result<(), Failure> {
        let person = self.users.get_mut(name).ok_or_else(|| unknown(name))?;
        for attribute in told {
            person.told.attributes.retain(|before| before.field != attribute.field);
            person.told.attributes.push(attribute.clone());
        }
        person.told.active = active.unwrap_or(person.told.active);
        let person = self.person(name)?;
        let Some(connection) = &person.told.connection else {
            let mut body = json!({"attributes": attributes_json(told)});
            if let (Some(body), Some(active)) = (body.as_object_mut(), active) {
                body.insert("active".into(), json!(active));
            }
            return self.management.patch(&format!("/users/{}", person.id), &body).await.map(drop);
        };
        let (scim, provider) = self.provider(connection)?;
        let path = format!("/Users/{}", person.id);
        let now = User { attributes: self.with_ids(&person.told.attributes), ..person.told.clone() };
        match provider.change_user(&now, &self.with_ids(told), active) {
            UserChange::Put(body) => scim.expect(Method::PUT, &path, Some(&body)).await.map(drop),
            UserChange::Patch(body) => scim.patch(&path, &body).await.map(drop),
        }
    }

    /// The attributes with a manager's id, as providers send it, in place of the name.
    fn with_ids(&self, told: &[Attribute]) -> Vec<Attribute> {
        let mut sent = told.to_vec();
        for manager in sent.iter_mut().filter(|one| one.field == "manager") {
            for name in &mut manager.values {
                *name = self.user_id(name).unwrap_or(name).to_string();
            }
        }
        sent
    }

    async fn remove_user(&mut self, name: &str) -> Result<(), Failure> {
        let person = self.users.remove(name).ok_or_else(|| unknown(name))?;
        match &person.told.connection {
            Some(connection) => self.provider(connection)?.0.delete(&format!("/Users/{}", person.id)).await,
            None => self.management.delete(&format!("/users/{}", person.id)).await,
        }
        .map(drop)
    }

    async fn grant(&self, grant: &world::Grant) -> Result<(), Failure> {
        let mut body = json!({
            "scope": grant.scope,
            "reach": if grant.exact { "exact" } else { "subtree" },
            "requires": grant.requires,
        });
        self.add_span(&mut body, grant.span);
        let (Some(fields), allow) = (body.as_object_mut(), grant.effect == world::Effect::Allow) else {
            return Ok(());
        };
        if let (Principal::Group(group), true) = (&grant.principal, allow) {
            fields.insert("roleId".into(), json!(grant.role));
            let path = format!("/groups/{}/roles", self.group(group)?.id);
            return self.management.post(&path, &body).await.map(drop);
        }
        fields.insert("principal".into(), json!(self.principal(&grant.principal)?));
        fields.insert("role".into(), json!(grant.role));
        fields.insert("effect".into(), json!(if allow { "allow" } else { "deny" }));
        self.management.post("/grants", &body).await.map(drop)
    }

    async fn revoke(&self, role: &str, principal: &Principal, scope: &str) -> Result<(), Failure> {
        let principal = self.principal(principal)?;
        let grants = self.management.get("/grants").await?;
        let listed = grants.get("grants").and_then(Value::as_array).cloned().unwrap_or_default();
        let is =
            |grant: &Value, field: &str, value: &str| grant.get(field).and_then(Value::as_str) == Some(value);
        for grant in listed {
            if is(&grant, "role", role) && is(&grant, "principal", &principal) && is(&grant, "scope", scope) {
                self.management.delete(&format!("/grants/{}", id_of(&grant))).await?;
            }
        }
        Ok(())
    }

    fn principal(&self, principal: &Principal) -> Result<String, Failure> {
        Ok(match principal {
            Principal::Everyone => "everyone".into(),
            Principal::User(name) => format!("user:{}", self.person(name)?.id),
            Principal::Group(name) => format!("group:{}", self.group(name)?.id),
            Principal::Person(name) => return Err(unsaid(name)),
        })
    }

    fn provider(&self, connection: &str) -> Result<(&Client, Provider), Failure> {
        let client = self.connections.get(connection).ok_or_else(|| unknown(connection))?;
        Ok((client, Provider::of(connection)))
    }

    fn person(&self, name: &str) -> Result<&Person, Failure> {
        self.users.get(name).ok_or_else(|| unknown(name))
    }

    fn group(&self, name: &str) -> Result<&Pushed, Failure> {
        self.groups.get(name).ok_or_else(|| unknown(name))
    }

    fn user_ids(&self, edges: &Edges) -> Result<Vec<String>, Failure> {
        edges.members.iter().map(|name| Ok(self.person(name)?.id.clone())).collect()
    }

    /// Adds the bounds of a span, in the server's time.
    fn add_span(&self, body: &mut Value, span: Span) {
        let Some(body) = body.as_object_mut() else { return };
        for (field, bound) in [("startsAt", span.from), ("expiresAt", span.until)] {
            body.extend(
                bound.map(|millis| (field.to_string(), json!(timestamp(millis + self.shift_millis)))),
            );
        }
    }
}

/// An instant as RFC 3339 text.
#[must_use]
pub fn timestamp(millis: i64) -> String {
    jiff::Timestamp::from_millisecond(millis).map(|instant| instant.to_string()).unwrap_or_default()
}

fn unknown(name: &str) -> Failure {
    Failure::Program { said: format!("the world names `{name}` before it is there") }
}

fn unsaid(person: &str) -> Failure {
    Failure::Program { said: format!("person `{person}` is the realm's, for which there is no request") }
}

fn id_of(resource: &Value) -> String {
    resource.get("id").and_then(Value::as_str).unwrap_or_default().to_string()
}

/// A field with several values as a list, with one as a text, with none as null.
fn attributes_json(attributes: &[Attribute]) -> Value {
    let value = |values: &[String]| match values {
        [] => Value::Null,
        [one] => json!(one),
        several => json!(several),
    };
    attributes
        .iter()
        .map(|attribute| (attribute.field.clone(), value(&attribute.values)))
        .collect::<Map<_, _>>()
        .into()
}

const fn state_word(state: GroupState) -> &'static str {
    match state {
        GroupState::Enabled => "enabled",
        GroupState::Disabled => "disabled",
        GroupState::Archived => "archived",
    }
}
