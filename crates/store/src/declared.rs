//! What every backend reads from the declaration of a view.

use insight::view::View;

/// All of a view's declaration that its rows depend on. The fold itself is told by the version.
pub(crate) fn declaration(view: &'static View) -> String {
    let View { version, kind, categories, columns, key, indexes, .. } = view;
    format!("{version} {kind:?} {categories:?} {columns:?} {key} {indexes:?}")
}

/// The columns of an order of reading, each once.
pub(crate) fn order(view: &'static View, index: Option<&str>) -> Vec<usize> {
    let mut order: Vec<usize> = vec![];
    for place in view.order(index) {
        if !order.contains(&place) {
            order.push(place);
        }
    }
    order
}

/// The names of the columns at `places`, as a list.
pub(crate) fn names(view: &'static View, places: &[usize]) -> String {
    let names: Vec<_> = places.iter().map(|&place| format!("\"{}\"", view.columns[place].name)).collect();
    names.join(", ")
}

/// All columns, as a list.
pub(crate) fn columns(view: &'static View) -> String {
    names(view, &(0..view.columns.len()).collect::<Vec<_>>())
}

/// Whether the column at `place` is in some index.
pub(crate) fn is_indexed(view: &'static View, place: usize) -> bool {
    view.indexes.iter().any(|index| index.columns.contains(&view.columns[place].name))
}
