package dev.modelsigning.cli.attest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attesting and verifying attestations with keys, and what is refused. */
class AttestKeyCommandTest {

  private static final String TYPE = "https://example.com/checked/v1";

  private static final String ATTESTING_FAILED = "Attesting failed with error";

  @TempDir private Path directory;

  private Workspace workspace;

  @BeforeEach
  void signAModel() throws IOException {
    workspace = Workspace.in(directory);
    workspace.sign("--quiet").assertSucceeded();
    workspace.write("predicate.json", "{\"result\":\"good\"}");
  }

  private Path claims() {
    return workspace.path("claims.jsonl");
  }

  private Invocation attest(Object... more) {
    return attestWith(workspace.privateKey(), more);
  }

  private Invocation attestWith(Path key, Object... more) {
    List<Object> args = new ArrayList<>(List.of("attest", "key", workspace.model()));
    args.addAll(List.of("--signature", workspace.signature(), "--private-key", key));
    args.addAll(List.of("--predicate-type", TYPE, "--predicate", workspace.path("predicate.json")));
    args.addAll(List.of(more));
    return Invocation.in(Map.of(), args.toArray());
  }

  private Invocation verify(Object... more) {
    List<Object> args = new ArrayList<>(List.of("verify-attestation", "key", workspace.model()));
    args.addAll(List.of("--signature", workspace.signature()));
    args.addAll(List.of("--public-key", workspace.publicKey(), "--predicate-type", TYPE));
    args.addAll(List.of(more));
    return Invocation.of(args.toArray());
  }

  @Test
  void attestsAndVerifies() throws Exception {
    assertThat(attest().assertSucceeded().out())
        .startsWith("Attested: claim 1 of " + claims())
        .contains("Verify it with:");
    workspace.write("predicate.json", "{\"result\":\"better\"}");
    attest("--quiet").assertSucceeded();

    Invocation verified = verify().assertSucceeded();
    assertThat(verified.out()).contains("with 2 attestations", "\"result\": \"good\"");
    assertThat(verify("--format=json").assertSucceeded().out())
        .startsWith("{\"verified\":true,")
        .contains("\"predicate\":{\"result\":\"good\"}");
    workspace.verify().assertSucceeded();
  }

  /** Whoever attests the same twice says it once. */
  @Test
  void countsWhatIsAttestedTwiceOnce() {
    attest().assertSucceeded();
    attest().assertSucceeded();

    assertThat(verify().assertSucceeded().out())
        .contains("with 1 attestation\n", "is there again in " + claims() + ":2; it counts once");
    assertThat(verify("--format=json").out())
        .contains("\"repeated\":1", "\"rule\":\"CLAIM_REPEATED\"");
  }

  @Test
  void attestsInJson() {
    assertThat(attest("--format=json").assertSucceeded().out())
        .startsWith("{\"attested\":true,")
        .contains("\"line\":1", "\"verifyCommand\":[");
  }

  // --- where the claims file is

  private void refusesClaims(Path file, Object... parts) throws Exception {
    workspace.changingNothing(() -> attest("--claims", file).assertFailed(ATTESTING_FAILED, parts));
    Invocation json = attest("--format=json", "--claims", file);
    assertThat(json.status()).isEqualTo(1);
    assertThat(json.out()).startsWith("{\"verified\":false,\"attested\":false,");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"claims.jsonl", "weights/claims.jsonl", "new.jsonl", "weights/../c.jsonl"})
  void refusesClaimsInTheModel(String name) throws Exception {
    refusesClaims(
        workspace.path("model/" + name), "would lie in the model, where no signature covers it");
  }

  @Test
  void refusesClaimsInTheModelThroughALink() throws Exception {
    workspace.link("elsewhere", "model/weights");
    refusesClaims(workspace.path("elsewhere/claims.jsonl"), "would lie in the model");
  }

  /** The signature of a second signer, a key, a text: none of them holds claims. */
  @Test
  void appendsToNothingButClaims() throws Exception {
    Path second = workspace.path("model.risk.sig");
    workspace.signTo(second).assertSucceeded();
    refusesClaims(second, second + ":1: this is no claims file", "signature of a model");
    refusesClaims(
        workspace.write("notes.txt", "my notes\n"), "notes.txt:1: this is no claims file");
    refusesClaims(
        Files.copy(workspace.publicKey(), workspace.path("other.pub")), "this is no claims file");
  }

  @Test
  void writesNothingIntoABaseModelOrDataset() throws Exception {
    Path base = workspace.path("base");
    workspace.write("base/weights.bin", "b");
    Path signature = workspace.path("base.sig");
    Invocation.of(
            "sign", "key", base, "--private-key", workspace.privateKey(), "--signature", signature)
        .assertSucceeded();
    for (List<Object> given :
        List.of(
            List.<Object>of("--base-model", base, "--base-signature", signature),
            List.<Object>of("--dataset", base))) {
      List<Object> args = new ArrayList<>(List.of("attest", "key", workspace.model()));
      args.addAll(List.of("--signature", workspace.signature()));
      args.addAll(List.of("--private-key", workspace.privateKey()));
      args.addAll(List.of("--predicate-type", "cyclonedx"));
      args.addAll(List.of("--claims", base.resolve("claims.jsonl")));
      args.addAll(given);
      workspace.changingNothing(() ->
          Invocation.of(args.toArray())
              .assertFailed(ATTESTING_FAILED, "the claims file would lie in " + base));
    }
  }

  /** A key of the vendor is read, and no place for claims. */
  @Test
  void refusesTheKeyOfABaseModel() throws Exception {
    Path vendor = Files.copy(workspace.publicKey(), workspace.path("vendor.pub"));
    workspace.write("base/weights.bin", "b");
    workspace.changingNothing(() ->
        Invocation.of(
                "attest",
                "key",
                workspace.model(),
                "--signature",
                workspace.signature(),
                "--private-key",
                workspace.privateKey(),
                "--predicate-type",
                "cyclonedx",
                "--dataset",
                workspace.path("base"),
                "--base-verify-key",
                vendor,
                "--claims",
                vendor)
            .assertFailed(ATTESTING_FAILED, "the claims file would replace"));
  }

  @Test
  void saysWhatMakesTheAttestationOfAnotherSignerCount() throws Exception {
    Path key = workspace.path("second.pem");
    Invocation.of(
            "generate-key", "--private-key", key, "--public-key", workspace.path("second.pub"))
        .assertSucceeded();
    attestWith(key)
        .assertFailed(ATTESTING_FAILED, "the model was not signed by who attests", "--verify-key");

    Invocation attested = attestWith(key, "--verify-key", workspace.publicKey()).assertSucceeded();
    assertThat(attested.out())
        .contains("counts only with a signature of", "sign key", "model.NAME.sig")
        .doesNotContain("Verify it with:");
    assertThat(
            attestWith(key, "--verify-key", workspace.publicKey(), "--format=json")
                .assertSucceeded()
                .out())
        .contains("\"verifyCommand\":[]");
  }

  @Test
  void refusesAFileOfTheModel() throws Exception {
    String config = Files.readString(workspace.path("model/config.json"));
    refusesClaims(
        workspace.path("model/config.json"), "a file with this name holds a single claim");
    refusesClaims(workspace.path("model/weights/a.bin"), "a.bin");
    assertThat(workspace.path("model/config.json")).hasContent(config);
  }

  /** Its last line ends, so it would be taken for a claims file. */
  @Test
  void refusesAModelThatIsOneFile() throws Exception {
    Path single = workspace.write("single.bin", "weights\n");
    Path signature = workspace.path("single.sig");
    Invocation.of(
            "sign",
            "key",
            single,
            "--private-key",
            workspace.privateKey(),
            "--signature",
            signature)
        .assertSucceeded();

    Invocation.of(
            "attest",
            "key",
            single,
            "--signature",
            signature,
            "--private-key",
            workspace.privateKey(),
            "--predicate-type",
            TYPE,
            "--predicate",
            workspace.path("predicate.json"),
            "--claims",
            single)
        .assertFailed(ATTESTING_FAILED, "would replace the model");
    assertThat(single).hasContent("weights\n");
  }

  @Test
  void refusesTheFilesThatItReads() throws Exception {
    for (Path file :
        List.of(workspace.signature(), workspace.privateKey(), workspace.path("predicate.json"))) {
      refusesClaims(file, "the claims file would replace");
    }
    workspace.link("key.link", "key.pem");
    refusesClaims(workspace.path("key.link"), "the claims file would replace");
  }

  @Test
  void writesIntoTheModelWhereItsSignatureIgnoresThePath() {
    Path inside = workspace.path("model/claims.jsonl");
    workspace.sign("--ignore-paths", inside).assertSucceeded();

    attest("--claims", inside).assertSucceeded();
    verify("--claims", inside).assertSucceeded();
    workspace.verify().assertSucceeded();
  }

  /** What only the one who attests ignores makes the model fail for everybody else. */
  @Test
  void refusesAPathThatOnlyWhoAttestsIgnores() {
    Path inside = workspace.path("model/claims.jsonl");
    Invocation refused = attest("--claims", inside, "--ignore-paths", inside);
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err()).contains(ATTESTING_FAILED, "would lie in the model");
    assertThat(inside).doesNotExist();
  }

  // --- what the claims file holds

  @Test
  void addsNothingToHalfAClaim() throws Exception {
    attest().assertSucceeded();
    Files.writeString(claims(), Files.readString(claims()) + "{\"mediaType\":");

    workspace.changingNothing(() ->
        attest().assertFailed(ATTESTING_FAILED, claims() + ":2: the last line is half of a claim"));
    Invocation verified = verify();
    assertThat(verified.status()).isZero();
    assertThat(verified.err()).contains(claims() + ":2: does not count: the last line has no line");
  }

  @Test
  void refusesAFileOfOneGigabyteAtOnce() throws Exception {
    try (RandomAccessFile sparse = new RandomAccessFile(claims().toFile(), "rw")) {
      sparse.setLength(1L << 30);
    }
    attest().assertFailed(ATTESTING_FAILED, claims() + ": would have more than 268435456 bytes");
    verify().assertFailed(Workspace.VERIFICATION_FAILED, claims() + ": is larger than 268435456");
  }

  @Test
  void failsWhereNothingCounts() throws Exception {
    assertThat(verify("--format=json").out()).startsWith("{\"verified\":false,");
    verify().assertFailed(Workspace.VERIFICATION_FAILED, claims());
    Files.writeString(claims(), "\n");
    verify().assertFailed(Workspace.VERIFICATION_FAILED, "there are no claims");
    Files.writeString(
        claims(), "{\"\u202e\u001b[2J\":1}\n" + Files.readString(workspace.signature()));
    Invocation refused = verify();
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err())
        .contains(claims() + ":1: does not count: bundle: not valid JSON")
        .contains(claims() + ":2: does not count: payload: predicateType: this is the signature of")
        .doesNotContain("\u001b")
        .doesNotContain("\u202e");
    assertThat(verify("--format=json").out())
        .contains("\"reason\":\"NO_ATTESTATION\"", "\"reason\":\"MALFORMED_BUNDLE\"")
        .contains("\"findings\":[{\"rule\":\"NO_ATTESTATION\",\"severity\":\"ERROR\",");
  }

  @Test
  void failsWhereNoTimeIsProvedAndOneIsWanted() {
    attest().assertSucceeded();
    assertThat(verify("--require-time").status()).isEqualTo(1);
    assertThat(verify("--require-time", "--format=json").out())
        .contains("\"reason\":\"CLAIM_TIME_NOT_PROVED\"");
  }

  @Test
  void failsWhereTheModelWasChanged() throws Exception {
    attest().assertSucceeded();
    workspace.write("model/config.json", "{ }");

    assertThat(verify().status()).isEqualTo(1);
    assertThat(verify("--format=json").out())
        .contains("\"reason\":\"MODEL_MISMATCH\"", "\"attestations\":[]");
    Invocation refused = attest("--format=json");
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.out())
        .startsWith("{\"verified\":false,\"attested\":false,")
        .contains("\"reason\":\"MODEL_MISMATCH\"")
        .contains("\"findings\":[{\"rule\":\"MODEL_MISMATCH\",\"severity\":\"ERROR\",")
        .endsWith("\"warnings\":[]}\n");
    assertThat(Files.readAllLines(claims())).hasSize(1);
  }

  @Test
  void takesNoAttestationForASignature() {
    attest().assertSucceeded();
    workspace
        .verifyBy(claims())
        .assertFailed(Workspace.VERIFICATION_FAILED, "payload: predicateType: expected");
    Invocation.of(
            "verify-attestation",
            "key",
            workspace.model(),
            "--signature",
            claims(),
            "--public-key",
            workspace.publicKey(),
            "--predicate-type",
            TYPE)
        .assertFailed(Workspace.VERIFICATION_FAILED, "payload: predicateType: expected");
  }

  @Test
  void refusesToAttestWhatAnotherKeySigned() throws Exception {
    Invocation.of(
            "generate-key",
            "--private-key",
            workspace.path("other.pem"),
            "--public-key",
            workspace.path("other.pub"))
        .assertSucceeded();
    Path other = workspace.path("other.pem");

    attestWith(other).assertFailed(ATTESTING_FAILED);
    assertThat(claims()).doesNotExist();

    attestWith(other, "--verify-key", workspace.publicKey()).assertSucceeded();
    Invocation verified = verify();
    assertThat(verified.status()).isEqualTo(1);
    assertThat(verified.err()).contains(claims() + ":1: does not count");
  }

  // --- predicates

  @ParameterizedTest
  @ValueSource(strings = {"[]", "7", "", "{\"a\":1,\"a\":2}", "{}{}", "{\"a\":\"\u0001\"}"})
  void refusesAPredicateThatIsNoObject(String json) throws Exception {
    Path predicate = workspace.write("predicate.json", json);
    workspace.changingNothing(() -> attest().assertFailed(ATTESTING_FAILED, predicate));
  }

  @Test
  void refusesAPredicateOfAHundredMegabytes() throws Exception {
    Path predicate = workspace.path("predicate.json");
    try (RandomAccessFile sparse = new RandomAccessFile(predicate.toFile(), "rw")) {
      sparse.setLength(100L << 20);
    }
    attest().assertFailed(ATTESTING_FAILED, predicate + ": is larger than 16777216 bytes");
    assertThat(claims()).doesNotExist();
  }

  @Test
  void refusesAPredicateThatIsDeep() throws Exception {
    workspace.write(
        "predicate.json", "{\"a\":" + "[".repeat(1_000_000) + "]".repeat(1_000_000) + "}");
    attest().assertFailed(ATTESTING_FAILED, "nested deeper than 64");
  }

  @Test
  void showsNoControlCharactersOfAPredicateAndChangesNoNumber() throws Exception {
    workspace.write(
        "predicate.json",
        "{\"\u202ename\":[1e400,0.10],\"x\":\"\\u001B[2J\\r\\nVerified\u2028\u0085\"}");
    attest().assertSucceeded();

    Invocation shown = verify().assertSucceeded();
    assertThat(shown.out()).contains("1e400", "0.10").doesNotContain("\u202e", "\u2028", "\u001b");
    assertThat(verify("--format=json").out())
        .contains("\"\\u202ename\":[1e400,0.10]")
        .contains("\\u001B[2J\\r\\nVerified\\u2028\\u0085");
  }

  @Test
  void showsTheStartOfALongPredicateAndAllOfItOnRequest() throws Exception {
    workspace.write("predicate.json", "{\"a\":[" + "0,".repeat(2_000) + "0]}");
    attest().assertSucceeded();

    assertThat(verify().out()).contains("... and 1005 more lines").hasLineCount(1_010);
    assertThat(verify("--all").out().lines().count()).isGreaterThan(2_000);
  }

  // --- usage

  @ParameterizedTest
  @ValueSource(
      strings = {
        "attest --format json",
        "attest key model --format json",
        "attest kye model --format=json",
        "attest key model --signature s --private-key k --format json",
        "attest key model --signature s --private-key k --predicate-type vsa --verify-key a"
            + " --verify-identity-provider b --verify-identity c --format json",
        "attest model --format json --nope"
      })
  void saysThatNothingWasAttestedWhereTheUsageIsWrong(String line) {
    Invocation run = Invocation.of((Object[]) line.split(" "));

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out())
        .startsWith("{\"verified\":false,\"attested\":false,\"schemaVersion\":1,")
        .contains("\"reason\":\"WRONG_USAGE\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "verify-attestation --format json",
        "verify_attestation key model --format json",
        "verify-attestation key model --signature s --public-key k --format json",
        "verify-attestation kye model --format json",
        "verify-attestation key m --signature s --public-key k --predicate-type x --format json"
      })
  void saysThatNothingWasVerifiedWhereTheUsageIsWrong(String line) {
    Invocation run = Invocation.of((Object[]) line.split(" "));

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out()).startsWith("{\"verified\":false,").contains("\"WRONG_USAGE\"");
  }

  @Test
  void namesTheTypesWhereThereIsNoSuchType() {
    Invocation.of(
            "verify-attestation",
            "key",
            workspace.model(),
            "--signature",
            workspace.signature(),
            "--public-key",
            workspace.publicKey(),
            "--predicate-type",
            "\u202eslsa")
        .assertUsage("--predicate-type: expected a predicate type", "cyclonedx, spdx, slsa");
  }

  @Test
  void takesUnderscoresForHyphens() {
    attest().assertSucceeded();
    Invocation.of(
            "verify_attestation",
            "key",
            workspace.model(),
            "--signature",
            workspace.signature(),
            "--public_key",
            workspace.publicKey(),
            "--predicate_type",
            TYPE)
        .assertSucceeded();
  }

  @Test
  void printsNothingOnSuccessIfQuiet() throws Exception {
    Invocation attested = attest("--quiet").assertSucceeded();
    assertThat(attested.err()).isEmpty();
    Invocation verified = verify("--quiet").assertSucceeded();
    assertThat(verified.out() + verified.err()).isEmpty();
    Files.write(claims(), "x\n".getBytes(UTF_8));
    assertThat(verify("--quiet").err()).isNotEmpty();
  }
}
