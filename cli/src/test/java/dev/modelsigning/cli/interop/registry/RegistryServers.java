package dev.modelsigning.cli.interop.registry;

import dev.modelsigning.testing.OciTools;
import dev.modelsigning.testing.RegistryServer;
import dev.modelsigning.testing.RegistryServer.Kind;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Both registries and the clients of others, for tests with real registries. */
abstract class RegistryServers {

  @TempDir static Path place;
  static Map<Kind, RegistryServer> servers;
  static OciTools tools;
  private static int repositories;

  @TempDir Path directory;

  @BeforeAll
  static void start() throws Exception {
    servers = RegistryServer.both(place);
    tools = OciTools.at(place.resolve("home"), servers.values());
  }

  @AfterAll
  static void end() {
    servers.values().forEach(RegistryServer::close);
  }

  /** A repository that no other test uses. */
  static RawRegistry repository(Kind kind) {
    repositories++;
    return new RawRegistry(servers.get(kind), "ml/r" + repositories + "/model");
  }

  /** A reference as other clients write it. */
  static String plain(String reference) {
    return reference.substring("oci://".length());
  }
}
