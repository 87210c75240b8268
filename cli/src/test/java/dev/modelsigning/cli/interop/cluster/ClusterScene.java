package dev.modelsigning.cli.interop.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.testing.RegistryServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A registry with models, a policy that asks for the signature of a team, and pods that name the
 * models.
 */
final class ClusterScene implements AutoCloseable {

  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

  final Path directory;
  final Path policy;
  final RegistryServer registry;
  private int models;

  ClusterScene(Path directory) throws Exception {
    this.directory = directory;
    registry = RegistryServer.inMemory(directory.resolve("registry"));
    Files.createDirectories(directory.resolve("keys"));
    for (String name : List.of("team", "stranger")) {
      Invocation.of("generate-key", "--private-key", key(name), "--public-key", publicKey(name))
          .assertSucceeded();
    }
    policy = directory.resolve("policy.yaml");
    writePolicy("[team]");
  }

  Path key(String name) {
    return directory.resolve("keys/" + name + ".pem");
  }

  Path publicKey(String name) {
    return directory.resolve("keys/" + name + ".pub");
  }

  /** Writes the policy for models below {@code fraud}. */
  void writePolicy(String signers) throws Exception {
    Path next =
        Files.writeString(
            directory.resolve("next.yaml"),
            """
            version: 1
            signers:
              team: { key: { public-key: keys/team.pub } }
              stranger: { key: { public-key: keys/stranger.pub } }
            models:
              - { match: "fraud/**", signatures: { of: %s } }
              - { match: "searched/**", signatures: { of: [team] }, forbid: { code: [pickle] } }
              - { match: "sandbox/**", mode: warn, signatures: { of: [team] } }
            """
                .formatted(signers));
    Files.move(
        next,
        policy,
        java.nio.file.StandardCopyOption.ATOMIC_MOVE,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  /** Pushes a model of its own; returns the repository with the digest. */
  String push(String repository) throws Exception {
    Path model = Files.createDirectories(directory.resolve("model" + ++models));
    Files.writeString(model.resolve("weights.bin"), "the weights of " + repository + models);
    String pushed =
        Invocation.of("oci", "push", model, "oci://" + registry.reference(repository + ":1"))
            .assertSucceeded()
            .out();
    Matcher digest = DIGEST.matcher(pushed);
    assertThat(digest.find()).isTrue();
    return repository + "@" + digest.group();
  }

  /** Pushes a model, and signs it. */
  String pushSigned(String repository, String signer) throws Exception {
    String pushed = push(repository);
    Invocation.of("sign", "key", reference(pushed), "--private-key", key(signer)).assertSucceeded();
    return pushed;
  }

  String reference(String model) {
    return "oci://" + registry.reference(model);
  }

  /** The options of a webhook for this registry, and for more. */
  List<String> options(String... more) {
    List<String> options =
        new ArrayList<>(List.of("--policy", policy.toString(), "--registry", registry.address()));
    options.addAll(List.of(more));
    return options;
  }

  /** A pod with an image volume, in YAML. */
  static String pod(String name, String image) {
    return """
    apiVersion: v1
    kind: Pod
    metadata: { name: %s }
    spec:
      containers:
        - name: server
          image: registry.example.com/server:1
          volumeMounts: [{ name: model, mountPath: /model }]
      volumes:
        - name: model
          image: { reference: "%s" }
    """
        .formatted(name, image);
  }

  @Override
  public void close() {
    registry.close();
  }
}
