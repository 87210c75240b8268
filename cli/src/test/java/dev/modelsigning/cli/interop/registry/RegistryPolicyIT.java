package dev.modelsigning.cli.interop.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.testing.OnOneJdk;
import dev.modelsigning.testing.RegistryServer.Kind;
import dev.modelsigning.testing.WithOciPeers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A policy decides about models in real registries, by what refers to them there. */
@WithOciPeers
@OnOneJdk
class RegistryPolicyIT extends RegistryScene {

  private static final String TYPE = "https://bank.example/review/v1";

  private Invocation decide(String reference, String rule, Object... more) throws Exception {
    Path policy =
        Files.writeString(
            directory.resolve("policy.yaml"),
            """
            version: 1
            signers:
              release: { key: { public-key: key.pub } }
              others: { key: { public-key: other.pub } }
            models:
              - { match: "ml/**", %s }
            """
                .formatted(rule));
    Object[] arguments = new Object[5 + more.length];
    arguments[0] = "verify";
    arguments[1] = "policy";
    arguments[2] = reference;
    arguments[3] = "--policy";
    arguments[4] = policy;
    System.arraycopy(more, 0, arguments, 5, more.length);
    return Invocation.of(arguments);
  }

  private static void assertRefused(Invocation ended, String... words) {
    assertThat(ended.status()).as(ended.err()).isEqualTo(1);
    assertThat(ended.out() + ended.err()).contains(words);
  }

  private void otherKey() {
    Invocation.of(
            "generate-key",
            "--private-key",
            directory.resolve("other.pem"),
            "--public-key",
            directory.resolve("other.pub"))
        .assertSucceeded();
  }

  @ParameterizedTest
  @EnumSource
  void signaturesAndClaimsOfTheRegistryCount(Kind kind) throws Exception {
    String reference = push(repository(kind));
    otherKey();
    String rule =
        "signatures: { of: [release] }, attestations: [{ type: \"%s\", by: [release] }]"
            .formatted(TYPE);
    assertRefused(decide(reference, rule), "no signature by release");

    sign(reference).assertSucceeded();
    assertThat(decide(reference, "signatures: { of: [release] }").assertSucceeded().out())
        .contains(reference);
    assertRefused(decide(reference, rule), TYPE);

    Path predicate = Files.writeString(directory.resolve("review.json"), "{}");
    run(
            "attest",
            "key",
            reference,
            "--private-key",
            key,
            "--predicate-type",
            TYPE,
            "--predicate",
            predicate)
        .assertSucceeded();
    assertThat(decide(reference, rule, "--format", "json").assertSucceeded().out())
        .contains("\"verified\":true", "@sha256:", "\"registry\":{\"reference\":\"" + reference);
    assertThat(decide(reference, rule).assertSucceeded().out()).contains("manifest     sha256:");
    Path summary = directory.resolve("summary.json");
    decide(reference, rule, "--vsa", summary, "--vsa-key", key).assertSucceeded();
    assertThat(RegistryModelsIT.payload(summary))
        .contains("\"resourceUri\":\"" + reference.replace(":1", "@sha256:"))
        .contains("\"uri\":\"oci://");
    assertRefused(decide(reference, "signatures: { of: [others] }"), "no signature by others");
    assertRefused(decide(reference.replace(":1", ":absent"), rule), "absent");
  }

  /** What is not read is not searched, so a rule about content has all layers read. */
  @ParameterizedTest
  @EnumSource
  void contentIsReadWhereTheRuleAsksForIt(Kind kind) throws Exception {
    otherKey();
    Files.writeString(model.resolve("config.json"), "{\"auto_map\":{\"AutoModel\":\"m.M\"}}");
    String reference = push(repository(kind));
    sign(reference).assertSucceeded();

    decide(reference, "signatures: { of: [release] }").assertSucceeded();
    assertRefused(
        decide(reference, "signatures: { of: [release] }, forbid: { code: [auto_map] }"),
        "config.json");
    decide(reference, "signatures: { of: [release] }, forbid: { code: [pickle] }")
        .assertSucceeded();
  }

  @ParameterizedTest
  @EnumSource
  void theRepositoryIsTheName(Kind kind) throws Exception {
    otherKey();
    String reference = push(repository(kind));
    sign(reference).assertSucceeded();
    Path policy =
        Files.writeString(
            directory.resolve("other.yaml"),
            """
            version: 1
            signers:
              release: { key: { public-key: key.pub } }
            models:
              - { match: "model", signatures: { of: [release] } }
            """);

    assertRefused(Invocation.of("verify", "policy", reference, "--policy", policy), "no rule of");
  }
}
