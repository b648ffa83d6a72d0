public import Base
public import YAML

extension Shape {
    /// The node with every short form turned into its long one, as the manifest's loader does it: for files of
    /// the same language that are read on their own, such as templates.
    public func expanded(_ node: YAMLNode) -> YAMLNode { Expansion.expand(node, as: self) }

    /// Every problem of a node that was expanded; keys without effect yet are warnings.
    public func problems(in node: YAMLNode, title: String) -> [Diagnostic] {
        var checking = Checking()
        checking.check(node, as: self, title: .words(title))
        return checking.diagnostics.all + checking.later
    }
}
