//! An order in which each operation comes behind those that it needs.

/// The strongly connected components of the graph of needs: circles, and what stands alone.
struct Circles<'a> {
    needs: &'a [Vec<usize>],
    /// When an operation was first met; `None` before.
    met: Vec<Option<usize>>,
    open: Vec<usize>,
    is_open: Vec<bool>,
    count: usize,
    units: Vec<Vec<usize>>,
}

/// Indexes of operations by units, those of a circle together; `needs` says whom each operation needs.
///
/// A unit stands where its last operation was sent, or right behind the last unit that it needs.
pub(super) fn units(needs: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let all = needs.len();
    let mut circles = Circles {
        needs,
        met: vec![None; all],
        open: Vec::new(),
        is_open: vec![false; all],
        count: 0,
        units: Vec::new(),
    };
    for index in 0..all {
        circles.visit(index);
    }
    placed(circles.units, needs)
}

impl Circles<'_> {
    /// Tarjan's algorithm: a unit is complete, and comes out, after all that it needs.
    ///
    /// Recurses at most once per operation, of which a request has a bounded number.
    fn visit(&mut self, index: usize) -> usize {
        if let Some(Some(met)) = self.met.get(index) {
            return if self.is_open(index) { *met } else { usize::MAX };
        }
        let met = self.count;
        self.count += 1;
        self.mark(index, met);
        let needs = self.needs;
        let below = needs.get(index).into_iter().flatten().map(|needed| self.visit(*needed)).min();
        let reaches = met.min(below.unwrap_or(met));
        if reaches == met {
            self.close(index);
            return usize::MAX;
        }
        reaches
    }

    fn is_open(&self, index: usize) -> bool {
        self.is_open.get(index).copied().unwrap_or(false)
    }

    fn mark(&mut self, index: usize, met: usize) {
        self.open.push(index);
        if let (Some(slot), Some(open)) = (self.met.get_mut(index), self.is_open.get_mut(index)) {
            (*slot, *open) = (Some(met), true);
        }
    }

    /// Everything opened since `index` is a unit with it.
    fn close(&mut self, index: usize) {
        let begin = self.open.iter().rposition(|open| *open == index).unwrap_or(0);
        let mut unit = self.open.split_off(begin);
        for one in &unit {
            if let Some(open) = self.is_open.get_mut(*one) {
                *open = false;
            }
        }
        unit.sort_unstable();
        self.units.push(unit);
    }
}

/// The units, sorted by where they may stand at the earliest.
fn placed(units: Vec<Vec<usize>>, needs: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut places = vec![0; needs.len()];
    let mut placed: Vec<(usize, Vec<usize>)> = Vec::with_capacity(units.len());
    for unit in units {
        let needed = unit.iter().filter_map(|index| needs.get(*index)).flatten();
        let behind = needed.filter_map(|index| places.get(*index)).copied().max().unwrap_or(0);
        let place = unit.last().copied().unwrap_or(0).max(behind);
        for index in &unit {
            if let Some(slot) = places.get_mut(*index) {
                *slot = place;
            }
        }
        placed.push((place, unit));
    }
    // Stable: units of one place stay behind those that they need.
    placed.sort_by_key(|(place, _)| *place);
    placed.into_iter().map(|(_, unit)| unit).collect()
}
