import Base
import CSpawn
import HostInterfaces

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A child that runs, with our ends of its pipes; -1 where there is none.
struct LaunchedChild {
    var id: pid_t
    var leadsGroup: Bool
    /// Where it is listed.
    let registry: ChildRegistry
    /// Polls readable at the child's end; -1 where the system has no such thing.
    var exit: Int32
    var input: Int32 = -1
    var output: Int32 = -1
    var error: Int32 = -1

    /// Starts what the request says, its streams joined to pipes, files or ours.
    static func launch(_ request: ProcessRequest, in registry: ChildRegistry) throws(ProcessError) -> LaunchedChild {
        do {
            let input = try ChildInput(request)
            let output = try ChildOutput(request)
            let leadsGroup = output.isCaptured
            let streams = Spawn.Streams(
                input: input.childSide.number, output: output.childOutput.number, error: output.childError.number)
            let place = leadsGroup ? devinit_spawn_own_group : devinit_spawn_same_group
            let id: pid_t
            do {
                id = try registry.start(leadsGroup: leadsGroup) { () throws(ProcessError) in
                    try Spawn.start(request, streams: streams, place: place)
                }
            } catch { throw Failure.process(error) }
            var child = LaunchedChild(
                id: id, leadsGroup: leadsGroup, registry: registry, exit: devinit_exit_descriptor(id))
            child.input = input.giveOurSide()
            (child.output, child.error) = output.giveOurSides()
            for descriptor in [child.input, child.output, child.error] where descriptor >= 0 {
                makeNonBlocking(descriptor)
            }
            return child
        } catch let error as SystemError {
            throw .failed(error)
        } catch Failure.process(let error) {
            throw error
        } catch {
            throw .failed(SystemError("posix_spawn", request.arguments.first ?? "", code: EIO))
        }
    }

    private enum Failure: Error { case process(ProcessError) }
}

/// Standard input of a child: its side and, with a pipe, ours. -1 means none.
struct ChildInput: ~Copyable {
    let childSide: Descriptor
    private let ourSide: Descriptor

    init(_ request: ProcessRequest) throws(SystemError) {
        switch request.input {
        case .none:
            if case .terminal = request.output {
                childSide = Descriptor(-1)
            } else {
                childSide = try .open("/dev/null", O_RDONLY)
            }
            ourSide = Descriptor(-1)
        case .file(let path):
            childSide = try .open(request.folder.appending(path), O_RDONLY)
            ourSide = Descriptor(-1)
        case .bytes:
            let (reading, writing) = try Pipe().give()
            childSide = Descriptor(reading)
            ourSide = Descriptor(writing)
        }
    }

    consuming func giveOurSide() -> Int32 { ourSide.release() }
}

/// Standard output and error of a child, in the same way.
struct ChildOutput: ~Copyable {
    let isCaptured: Bool
    let childOutput: Descriptor
    let childError: Descriptor
    private let ourOutput: Descriptor
    private let ourError: Descriptor

    init(_ request: ProcessRequest) throws(SystemError) {
        switch request.output {
        case .terminal:
            isCaptured = false
            childOutput = Descriptor(-1)
            childError = Descriptor(-1)
            ourOutput = Descriptor(-1)
            ourError = Descriptor(-1)
        case .captured:
            let output = try Pipe()
            let error = try Pipe()
            isCaptured = true
            let (outputReading, outputWriting) = output.give()
            let (errorReading, errorWriting) = error.give()
            childOutput = Descriptor(outputWriting)
            ourOutput = Descriptor(outputReading)
            childError = Descriptor(errorWriting)
            ourError = Descriptor(errorReading)
        case .file(let path, _):
            // Only for the owner: what a command prints may be secret.
            let file = try Descriptor.open(request.folder.appending(path), O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600)
            let (errorReading, errorWriting) = try Pipe().give()
            isCaptured = true
            childOutput = file
            ourOutput = Descriptor(-1)
            childError = Descriptor(errorWriting)
            ourError = Descriptor(errorReading)
        }
    }

    consuming func giveOurSides() -> (Int32, Int32) { (ourOutput.release(), ourError.release()) }
}
