extension [UInt8] {
    private static let digits = Array("0123456789abcdef".utf8)

    /// Two hexadecimal digits for each byte, in lower case.
    public var hexadecimal: String {
        String(unsafeUninitializedCapacity: 2 * count) { text in
            for (index, byte) in enumerated() {
                text[2 * index] = Self.digits[Int(byte >> 4)]
                text[2 * index + 1] = Self.digits[Int(byte & 15)]
            }
            return 2 * count
        }
    }
}
