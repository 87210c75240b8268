package dev.modelsigning.cli.policy;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import dev.modelsigning.key.KeyPairFiles;
import dev.modelsigning.signingkey.EcdsaScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A directory with a policy, the keys of three people, and the model {@code fraud/v3}. */
final class PolicyWorkspace {

  private final Workspace workspace;

  private PolicyWorkspace(Workspace workspace) {
    this.workspace = workspace;
  }

  static PolicyWorkspace in(Path directory) throws IOException {
    PolicyWorkspace made = new PolicyWorkspace(Workspace.in(directory));
    made.write("fraud/v3/weights.bin", "1234");
    made.write("sandbox/x/weights.bin", "5678");
    Files.createDirectories(made.path("keys"));
    for (String name : List.of("alice", "bob", "carol")) {
      KeyPairFiles.generate(EcdsaScheme.P256, made.key(name), made.path("keys/" + name + ".pub"));
    }
    return made;
  }

  Path path(String name) {
    return workspace.path(name);
  }

  Path write(String name, String content) throws IOException {
    return workspace.write(name, content);
  }

  Path fifo(String name) throws IOException, InterruptedException {
    return workspace.fifo(name);
  }

  Path model() {
    return path("fraud/v3");
  }

  Path policy() {
    return path("policy.yaml");
  }

  Path key(String name) {
    return path("keys/" + name + ".pem");
  }

  /** Signs the model; the signature is beside it. */
  Path sign(String by, String file) {
    return sign(by, model(), file);
  }

  Path sign(String by, Path model, String file) {
    Path signature = path(file);
    Invocation.of("sign", "key", model, "--private-key", key(by), "--signature", signature)
        .assertSucceeded();
    return signature;
  }

  /** Writes a policy with the three people, and dave, whose key is missing. */
  Path rules(String... rules) throws IOException {
    return write(
        "policy.yaml",
        """
        version: 1
        signers:
          alice: { key: { public-key: keys/alice.pub } }
          bob: { key: { public-key: keys/bob.pub } }
          bobby: { key: { public-key: keys/bob.pub } }
          dave: { key: { public-key: keys/missing.pub } }
        models:
        """
            + String.join("\n", rules).indent(2));
  }

  /** The words of the command about the model. */
  List<Object> words(Object... more) {
    List<Object> words =
        new ArrayList<>(List.of("verify", "policy", model(), "--policy", policy()));
    words.addAll(List.of(more));
    return words;
  }

  /** Verifies the model by the policy. */
  Invocation verify(Object... more) {
    return Invocation.of(words(more).toArray());
  }
}
