package dev.modelsigning.attestation;

import dev.modelsigning.ModelVerifier;
import dev.modelsigning.VerifiedModel;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.predicate.PredicateType;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.testing.Forge;
import dev.modelsigning.testing.Forge.StatementText;
import dev.modelsigning.testing.Models;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** A model with two files, what its signer says about it, and a claims file beside it. */
record ClaimedModel(Path directory) {

  static final String TYPE = "https://example.com/checked/v1";

  static ClaimedModel in(Path directory) throws IOException {
    Models.write(directory.resolve("model"), "a", "alpha", "b", "beta");
    return new ClaimedModel(directory);
  }

  Path model() {
    return directory.resolve("model");
  }

  Path claims() {
    return directory.resolve("claims.jsonl");
  }

  /** What OMS has the signer sign. */
  static String statement() {
    return new StatementText().file("a", "alpha").file("b", "beta").toString();
  }

  VerifiedModel verify(Bundle bundle, BundleVerifier verifier) throws Exception {
    return ModelVerifier.using(verifier).verify(model(), bundle);
  }

  ModelSubject subject() throws Exception {
    Forge any = new Forge();
    return ModelSubject.of(verify(any.bundle(statement()), any.verifier()));
  }

  /** The subject of a good claim, in JSON. */
  String subjectJson() throws Exception {
    return subjectJson(
        "\"sha256\":\"" + subject().rootDigest() + "\"", '"' + subject().namesDigest() + '"');
  }

  static String subjectJson(String digests, String namesDigest) {
    return "{\"name\":\"model\",\"digest\":{"
        + digests
        + "},\"annotations\":{\""
        + ModelSubject.NAMES_ANNOTATION
        + "\":"
        + namesDigest
        + "}}";
  }

  /** A good claim, in JSON. */
  String claim() throws Exception {
    return claim(subjectJson());
  }

  static String claim(String subjects) {
    return claim(subjects, TYPE);
  }

  static String claim(String subjects, String type) {
    return "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":["
        + subjects
        + "],\"predicateType\":\""
        + type
        + "\",\"predicate\":{\"result\":\"good\"}}";
  }

  /** Adds a line, whatever it says. */
  ClaimedModel add(String line) throws IOException {
    Files.writeString(
        claims(),
        line + "\n",
        StandardCharsets.UTF_8,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    return this;
  }

  ClaimedModel add(Bundle bundle) throws IOException {
    return add(new String(bundle.toJson().toArray(), StandardCharsets.UTF_8));
  }

  AttestationOutcome outcome(VerifiedModel verified, BundleVerifier verifier) throws IOException {
    return outcome(verified, AttestationVerifier.using(verifier));
  }

  AttestationOutcome outcome(VerifiedModel verified, AttestationVerifier verifier)
      throws IOException {
    return verifier.verify(verified, List.of(claims()), PredicateType.of(TYPE));
  }
}
