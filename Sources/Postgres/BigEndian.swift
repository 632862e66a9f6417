/// The byte order of the wire, both ways.
extension Array where Element == UInt8 {
    mutating func append<T: FixedWidthInteger>(bigEndian value: T) {
        var shift = T.bitWidth
        while shift > 0 {
            shift -= 8
            append(UInt8(truncatingIfNeeded: value >> T(truncatingIfNeeded: shift)))
        }
    }

    mutating func overwrite(bigEndian value: Int32, at index: Int) {
        for place in 0..<4 {
            self[index + place] = UInt8(truncatingIfNeeded: value >> Int32(24 - 8 * place))
        }
    }
}

extension RawSpan {
    /// The integer at `offset`. The caller has checked that it is inside.
    func bigEndian<T: FixedWidthInteger & BitwiseCopyable>(at offset: Int = 0, as type: T.Type) -> T {
        precondition(offset >= 0 && offset + MemoryLayout<T>.size <= byteCount)
        return unsafe T(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: T.self))
    }

    /// The integer that the whole span is, or an error that names the sizes.
    func integer<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type) throws(StatementError) -> T {
        guard byteCount == MemoryLayout<T>.size else {
            throw .decoding("\(byteCount) bytes where \(T.self) was expected")
        }
        return bigEndian(as: T.self)
    }

    /// The text that the whole span is.
    func text() throws(StatementError) -> String {
        let text = unsafe withUnsafeBytes { unsafe String(validating: $0, as: UTF8.self) }
        guard let text else { throw .decoding("text that is not UTF-8") }
        return text
    }
}
