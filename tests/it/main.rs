//! Behaviour, seen from outside: worlds, journeys over TCP, and what must survive.

mod worlds;
