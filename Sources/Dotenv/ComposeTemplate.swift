/// `${…}` in the values of a Compose file, as Compose itself reads it (Compose specification, "Interpolation").
public enum ComposeTemplate {
    /// The text with every variable replaced; one that `lookup` does not know counts as empty.
    ///
    /// - Throws: `invalidTemplate` for what is no variable, `missingRequired` for `${NAME:?message}` without a value.
    public static func expanding(_ text: String, lookup: (String) -> String?) throws(DotenvError) -> String {
        try withoutActuallyEscaping(lookup) { (lookup) throws(DotenvError) in
            try ComposeSubstitution(line: 1, lookup: lookup).expanding(Scalars(text: text))
        }
    }
}
