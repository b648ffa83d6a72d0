import Base
import ManifestModel
import YAML

extension EngineName {
    /// The engine that a service names. One that is named as `defaults.engine` names it is the standard one.
    init(_ declaration: ServiceDeclaration, _ reading: inout Reading) {
        self = .standard
        guard let stated = declaration.engine else { return }
        let standard = reading.manifest.defaults?[DefaultsKeys.engine]?.source ?? "auto"
        guard let name = stated.literal, Self.isName(name) else {
            reading.report(
                "bad-engine", "'\(stated.source)' names no engine", at: stated.location,
                suggestion: "write auto, docker, podman, or the name of a Docker context as 'docker context ls' has it")
            return
        }
        if name != standard { self = .own(name) }
    }

    /// What Docker's command line takes for the name of a context; also a part of a file's name here.
    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, isLetterOrDigit(first) else { return false }
        return text.utf8.allSatisfy { isLetterOrDigit($0) || "_.+-".utf8.contains($0) }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
    }
}

/// What holds on one engine alone: containers of two engines share no network, no volume and no process space.
enum EngineBoundaries {
    /// Reports what a container would look for on its own engine, and what is on another one.
    static func check(_ nodes: [any ServiceNode], _ reading: inout Reading) {
        let services = nodes.compactMap { $0 as? ContainerService }.filter { $0.adopted == nil }
        // A local process is reached from every engine that may be on this machine.
        let places = Dictionary(nodes.map { ($0.name, $0.livesOn) }) { first, _ in first }
        for service in services {
            checkAddresses(in: service, places, &reading)
            checkSharing(of: service, places.compactMapValues { $0 }, &reading)
        }
        checkVolumes(services, &reading)
    }

    /// `${services.X.internal.…}` holds in the network of the engine where X is.
    private static func checkAddresses(
        in service: ContainerService, _ places: [String: EngineName?], _ reading: inout Reading
    ) {
        for text in service.texts {
            for reference in text.references
            where reference.namespace == ServiceKind.namespace && reference.path.count > 2
                && reference.path[2] == "internal"
            {
                let other = reference.path[1]
                guard let place = places[other],
                    place.map({ $0 != service.engine }) ?? service.engine.isPerhapsElsewhere
                else { continue }
                reading.report(
                    "other-engine",
                    "'\(service.name)' lives on \(service.engine.words) and '\(other)' on "
                        + "\(place?.words ?? "this machine"): "
                        + "'\(reference)' leads nowhere from there", at: text.location,
                    suggestion:
                        "let both live on one engine, or use the address that '\(other)' has for other machines "
                        + "(services.\(other).host and .port, or .url, with a 'host_ip' that they reach)")
            }
        }
    }

    /// Keys of a Compose service by which it lives in another one's container.
    private static func checkSharing(
        of service: ContainerService, _ engines: [String: EngineName], _ reading: inout Reading
    ) {
        var shared: [(key: String, name: String, location: SourceLocation)] = []
        for key in ["network_mode", "pid", "ipc"] {
            guard let node = service.definition[key], let text = node.text, text.hasPrefix("service:") else { continue }
            shared.append((key, String(text.dropFirst("service:".count)), node.location))
        }
        for key in ["links", "volumes_from"] {
            for item in service.definition[key]?.items ?? [] {
                guard let name = item.text?.split(separator: ":").first else { continue }
                shared.append((key, String(name), item.location))
            }
        }
        for (key, name, location) in shared {
            guard let engine = engines[name], engine != service.engine else { continue }
            reading.report(
                "other-engine",
                "'\(service.name)' lives on \(service.engine.words) and '\(name)' on \(engine.words): "
                    + "'\(key)' can't join them", at: location, suggestion: "let both live on one engine")
        }
    }

    /// A volume that two services name would be two volumes.
    private static func checkVolumes(_ services: [ContainerService], _ reading: inout Reading) {
        var owners: [String: ContainerService] = [:]
        for service in services {
            for volume in service.definition.namedVolumes {
                guard let other = owners[volume], other.engine != service.engine else {
                    owners[volume] = service
                    continue
                }
                reading.report(
                    "other-engine",
                    "'\(other.name)' and '\(service.name)' both use the volume '\(volume)', and live on two engines",
                    at: service.location, suggestion: "let both live on one engine, or give each a volume of its own")
            }
        }
    }
}
