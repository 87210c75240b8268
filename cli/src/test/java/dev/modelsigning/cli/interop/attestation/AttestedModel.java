package dev.modelsigning.cli.interop.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.cli.interop.Client;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model with its signature and its claims, in a directory. Each command is a process of its own.
 *
 * @param directory the directory in which all of it lies
 */
public record AttestedModel(Path directory) {

  /** The predicate type of signatures (OMS 5.2). */
  public static final String OMS = "https://model_signing/signature/v1.0";

  private static final Pattern SUBJECT =
      Pattern.compile("\"digest\":\\{\"sha256\":\"([0-9a-f]{64})\"");

  /** Writes a model into an empty directory. */
  public static AttestedModel in(Path directory) throws IOException {
    AttestedModel model = new AttestedModel(directory);
    Files.createDirectories(model.path().resolve("sub"));
    Files.writeString(model.path().resolve("config.json"), "{}");
    Files.writeString(model.path().resolve("sub/weights.bin"), "weights");
    return model;
  }

  /** The model. */
  public Path path() {
    return directory.resolve("model");
  }

  /** Its signature. */
  public Path signature() {
    return directory.resolve("model.sig");
  }

  /** The claims about it. */
  public Path claims() {
    return directory.resolve("claims.jsonl");
  }

  /** Signs it. */
  public void sign(Client client, String method, String... options) throws Exception {
    run(client, List.of("sign", method), options).succeeds();
  }

  /** Writes a predicate to a file, and attests it. */
  public Client.Outcome attest(
      Client client, String method, PredicateSample predicate, String... options) throws Exception {
    Path file = directory.resolve("predicate.json");
    Files.writeString(file, predicate.json());
    List<String> all =
        new ArrayList<>(
            List.of("--predicate-type", predicate.type(), "--predicate", file.toString()));
    all.addAll(List.of(options));
    return run(client, List.of("attest", method), all.toArray(new String[0]));
  }

  /** Attests what the program itself writes. */
  public Client.Outcome attestWritten(Client client, String method, String type, String... options)
      throws Exception {
    List<String> all = new ArrayList<>(List.of("--predicate-type", type));
    all.addAll(List.of(options));
    return run(client, List.of("attest", method), all.toArray(new String[0]));
  }

  /** Verifies what was attested. */
  public Client.Outcome verify(String method, String type, String... options) throws Exception {
    List<String> all = new ArrayList<>(List.of("--predicate-type", type));
    all.addAll(List.of(options));
    return run(Client.java(), List.of("verify-attestation", method), all.toArray(new String[0]));
  }

  private Client.Outcome run(Client client, List<String> command, String... options)
      throws Exception {
    List<String> arguments = new ArrayList<>(command);
    arguments.addAll(List.of(path().toString(), "--signature", signature().toString()));
    arguments.addAll(List.of(options));
    return client.run(directory, arguments.toArray(new String[0]));
  }

  /** The root digest that was signed, in hexadecimal. */
  public String root() throws Exception {
    Matcher digest = SUBJECT.matcher(payload(Bundle.read(signature())));
    assertThat(digest.find()).isTrue();
    return digest.group(1);
  }

  /** The text that a bundle signs. */
  static String payload(Bundle bundle) {
    return new String(bundle.envelope().payload().content().toArray(), StandardCharsets.UTF_8);
  }

  /** Takes a line out of the claims into a file of its own, as other tools want it. */
  public Path claim(int line) throws IOException {
    return Files.writeString(
        directory.resolve("claim-" + line + ".sigstore.json"),
        Files.readAllLines(claims()).get(line - 1));
  }
}
