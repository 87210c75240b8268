package dev.modelsigning.cli.interop.registry;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.testing.OciTools;
import dev.modelsigning.testing.RegistryServer;
import dev.modelsigning.testing.RegistryServer.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Both registries, the clients, a model and a key, for tests with models in registries. */
abstract class RegistryScene {

  static final String SIGNING = "Signing failed with error";
  static final String VERIFYING = "Verification failed with error";

  @TempDir static Path place;
  static Map<Kind, RegistryServer> servers;
  static OciTools tools;
  private static int repositories;

  @TempDir Path directory;
  Path model;
  Path key;
  Path publicKey;

  @BeforeAll
  static void start() throws Exception {
    servers = RegistryServer.both(place);
    tools = OciTools.at(place.resolve("home"), servers.values());
  }

  @AfterAll
  static void end() {
    servers.values().forEach(RegistryServer::close);
  }

  @BeforeEach
  void makeModel() throws Exception {
    model = Files.createDirectories(directory.resolve("model"));
    Files.writeString(model.resolve("config.json"), "{}");
    Files.write(model.resolve("weights.bin"), new byte[300_000]);
    Path sub = Files.createDirectories(model.resolve("sub/deeper"));
    Files.writeString(sub.resolve("vocab.txt"), "a b c");
    Files.writeString(model.resolve("sub/empty"), "");
    key = directory.resolve("key.pem");
    publicKey = directory.resolve("key.pub");
    Invocation.of("generate-key", "--private-key", key, "--public-key", publicKey)
        .assertSucceeded();
  }

  static RawRegistry repository(Kind kind) {
    repositories++;
    return new RawRegistry(servers.get(kind), "ml/r" + repositories + "/model");
  }

  /** A reference as other clients write it. */
  static String plain(String reference) {
    return reference.substring("oci://".length());
  }

  String push(RawRegistry repository) throws Exception {
    String reference = repository.reference("1");
    tools.oras(model, "push", plain(reference), "config.json", "weights.bin", "sub").succeeds();
    return reference;
  }

  Invocation sign(String reference, Object... more) {
    return run("sign", "key", reference, "--private-key", key, more);
  }

  Invocation verify(Object what, Object... more) {
    return run("verify", "key", what, "--public-key", publicKey, more);
  }

  static Invocation run(
      String command, String method, Object what, String option, Path key, Object... more) {
    Object[] arguments = new Object[5 + more.length];
    arguments[0] = command;
    arguments[1] = method;
    arguments[2] = what;
    arguments[3] = option;
    arguments[4] = key;
    System.arraycopy(more, 0, arguments, 5, more.length);
    return Invocation.of(arguments);
  }
}
