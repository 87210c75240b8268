package dev.modelsigning.cli.interop.registry;

import dev.modelsigning.cli.Invocation;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;

/** Both registries, the clients, a model and a key, for tests with models in registries. */
abstract class RegistryScene extends RegistryServers {

  static final String SIGNING = "Signing failed with error";
  static final String VERIFYING = "Verification failed with error";

  Path model;
  Path key;
  Path publicKey;

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
