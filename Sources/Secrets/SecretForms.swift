import Base

/// How programs write a value when they print it: as it is, encoded, escaped, quoted, a line at a time.
enum SecretForms {
    static func all(of value: String) -> Set<[UInt8]> {
        var forms: Set<[UInt8]> = []
        var texts = [value]
        // Programs print a key of many lines line by line, and strip what surrounds a value.
        texts += value.split(whereSeparator: \.isNewline).map(String.init)
        texts += texts.map(trimmed)
        for text in Set(texts) where text.unicodeScalars.count >= SecretMask.shortest {
            forms.insert(Array(text.utf8))
            forms.formUnion(base64(Array(text.utf8)))
            for form in escaped(text) { forms.insert(Array(form.utf8)) }
        }
        return forms
    }

    private static func trimmed(_ text: String) -> String {
        let kept = text.drop(while: \.isWhitespace)
        guard let last = kept.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(kept[...last])
    }

    // MARK: Base64

    /// Both alphabets, with and without padding, and what is sure to appear when the value stands inside something
    /// longer, as in the header of basic authentication.
    private static func base64(_ bytes: [UInt8]) -> Set<[UInt8]> {
        var forms: Set<[UInt8]> = []
        for alphabet in [Base64.standard, Base64.forURLs] {
            forms.insert(Base64.encode(bytes, alphabet, padded: true))
            forms.insert(Base64.encode(bytes, alphabet, padded: false))
            for offset in 0..<3 {
                let shifted = Base64.encode(Array(repeating: 0, count: offset) + bytes, alphabet, padded: false)
                // The first and last characters also hold bits of the neighbours.
                let first = (offset * 8 + 5) / 6
                let last = (offset + bytes.count) * 8 / 6
                forms.insert(Array(shifted[first..<last]))
            }
        }
        return forms
    }

    // MARK: Escapes and quotes

    private static func escaped(_ text: String) -> [String] {
        var forms = percentEncoded(text)
        let json = String(JSON.string(text).text().dropFirst().dropLast())
        forms += [json, replacing(json, ["/": "\\/"]), asciiJSON(text)]
        forms += ["'\\''", "'\"'\"'"].map { replacing(text, ["'": $0]) }
        forms.append(replacing(text, ["\"": "\\\"", "\\": "\\\\", "$": "\\$", "`": "\\`"]))
        forms.append(replacing(text, ["\\": "\\\\", "'": "\\'", "\n": "\\n", "\t": "\\t", "\r": "\\r"]))
        // As bash's `printf %q` does.
        forms.append(mapped(text) { isPlainInShell($0) ? nil : "\\" })
        forms.append(replacing(text, ["&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;", "'": "&#39;"]))
        return forms
    }

    private static func percentEncoded(_ text: String) -> [String] {
        // What JavaScript's encodeURIComponent and encodeURI leave alone as well.
        let component = "!*'()"
        let whole = component + ";/?:@&=+$,#"
        var forms: [String] = []
        for kept in ["", component, whole] {
            for uppercase in [true, false] {
                let form = PercentEncoding.encode(text, keeping: kept, uppercase: uppercase)
                forms += [form, replacing(form, ["%20": "+"])]
            }
        }
        return forms
    }

    /// Everything beyond ASCII as `\u00e9`, as Python's `json` writes it.
    private static func asciiJSON(_ text: String) -> String {
        var out = ""
        for scalar in JSON.string(text).text().dropFirst().dropLast().unicodeScalars {
            if scalar.isASCII {
                out.unicodeScalars.append(scalar)
            } else {
                for unit in UTF16.encode(scalar)! {
                    let digits = String(unit, radix: 16)
                    out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            }
        }
        return out
    }

    private static func isPlainInShell(_ scalar: Unicode.Scalar) -> Bool {
        !scalar.isASCII || isAlphanumeric(scalar) || "_-./:=@%+,".unicodeScalars.contains(scalar)
    }

    private static func isAlphanumeric(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9": true
        default: false
        }
    }

    /// Puts something before the characters for which there is something.
    private static func mapped(_ text: String, _ prefix: (Unicode.Scalar) -> String?) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            out += prefix(scalar) ?? ""
            out.unicodeScalars.append(scalar)
        }
        return out
    }

    /// Replaces in one pass; three characters at a time are looked at, for `%20`.
    private static func replacing(_ text: String, _ replacements: [String: String]) -> String {
        var out = ""
        var rest = text.unicodeScalars[...]
        while let first = rest.first {
            if let found = replacements.first(where: { rest.starts(with: $0.key.unicodeScalars) }) {
                out += found.value
                rest = rest.dropFirst(found.key.unicodeScalars.count)
            } else {
                out.unicodeScalars.append(first)
                rest = rest.dropFirst()
            }
        }
        return out
    }
}
