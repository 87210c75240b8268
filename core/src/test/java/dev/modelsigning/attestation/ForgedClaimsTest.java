package dev.modelsigning.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.ModelVerifier;
import dev.modelsigning.VerifiedModel;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rule;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.predicate.PredicateType;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.statement.AttestedStatement;
import dev.modelsigning.testing.Forge;
import dev.modelsigning.testing.Forge.StatementText;
import dev.modelsigning.testing.Models;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Claims that the model's own signer signed validly, and that must not count nevertheless. */
class ForgedClaimsTest {

  @TempDir private Path directory;

  private final Forge forge = new Forge();
  private ClaimedModel claimed;
  private VerifiedModel verified;

  @BeforeEach
  void makeModel() throws Exception {
    claimed = ClaimedModel.in(directory);
    verified = claimed.verify(forge.bundle(ClaimedModel.statement()), forge.verifier());
  }

  private AttestationOutcome outcome() throws Exception {
    return claimed.outcome(verified, forge.verifier());
  }

  private static void refuses(AttestationOutcome outcome, Rule rule, String... parts) {
    assertThat(outcome.attestations()).isEmpty();
    assertThat(outcome.otherTypes()).isZero();
    RefusedClaim refused = outcome.refused().get(0);
    assertThat(outcome.refused()).hasSize(1);
    assertThat(refused.place()).endsWith("/claims.jsonl:1");
    assertThat(refused.why().rule()).isEqualTo(rule);
    for (String part : parts) {
      assertThat(refused.why().message()).contains(part);
    }
  }

  /** Signs this statement, adds it as a claim, and finds that it does not count. */
  private void refuses(String statement, Rule rule, String... parts) throws Exception {
    claimed.add(forge.bundle(statement));
    refuses(outcome(), rule, parts);
  }

  /** Signs a statement about the model with this annotation. */
  private void refusesAnnotation(String json, Rule rule, String... parts) throws Exception {
    String root = "\"sha256\":\"" + claimed.subject().rootDigest() + "\"";
    refuses(ClaimedModel.claim(ClaimedModel.subjectJson(root, json)), rule, parts);
  }

  private void refusesDigests(String json, Rule rule, String... parts) throws Exception {
    String names = '"' + claimed.subject().namesDigest() + '"';
    refuses(ClaimedModel.claim(ClaimedModel.subjectJson(json, names)), rule, parts);
  }

  @Test
  void countsTheGoodClaimThatAllOthersAreMadeFrom() throws Exception {
    AttestationOutcome outcome =
        claimed.add(forge.bundle(claimed.claim())).outcome(verified, forge.verifier());

    assertThat(outcome.refused()).isEmpty();
    Attestation counted = outcome.attestations().get(0);
    assertThat(counted.namesBound()).isTrue();
    assertThat(counted.findings()).isEmpty();
    assertThat(counted.statement().predicate()).hasValue("{\"result\":\"good\"}");
  }

  // --- about what

  @Test
  void refusesAClaimAboutAnotherModel() throws Exception {
    refusesDigests(
        "\"sha256\":\"" + Forge.sha256("other") + "\"",
        AttestationRules.CLAIM_OTHER_MODEL,
        "another model",
        "sha256:" + claimed.subject().rootDigest(),
        "sha256:" + Forge.sha256("other"));
  }

  /** The files are renamed and keep their order, so the root digest of OMS stays the same. */
  @Test
  void refusesAClaimAboutTheSameContentUnderOtherNames() throws Exception {
    Path renamed = Models.write(directory.resolve("renamed"), "a2", "alpha", "b2", "beta");
    String statement = new StatementText().file("a2", "alpha").file("b2", "beta").toString();
    VerifiedModel other =
        ModelVerifier.using(forge.verifier()).verify(renamed, forge.bundle(statement));
    assertThat(ModelSubject.of(other).rootDigest()).isEqualTo(claimed.subject().rootDigest());
    claimed.add(forge.bundle(claimed.claim()));

    refuses(
        claimed.outcome(other, forge.verifier()),
        AttestationRules.CLAIM_OTHER_NAMES,
        "other file names",
        ModelSubject.of(other).namesDigest(),
        claimed.subject().namesDigest());
  }

  /** Such claims as other tools write them depend on the model's signature for the names. */
  @Test
  void countsAClaimWithoutADigestOfNamesAndSaysSo() throws Exception {
    String subject =
        "{\"digest\":{\"sha256\":\"" + claimed.subject().rootDigest() + "\",\"sha512\":\"x\"}}";
    claimed.add(forge.bundle(ClaimedModel.claim(subject)));

    Attestation counted = outcome().attestations().get(0);
    assertThat(counted.namesBound()).isFalse();
    assertThat(counted.findings())
        .extracting(Finding::rule)
        .containsExactly(AttestationRules.CLAIM_NAMES_NOT_BOUND);
  }

  /** It is about the model, and everything of it is signed by the right one. */
  @Test
  void refusesAClaimWithoutADigestOfNamesWhereOneIsWanted() throws Exception {
    String subject = "{\"digest\":{\"sha256\":\"" + claimed.subject().rootDigest() + "\"}}";
    claimed.add(forge.bundle(ClaimedModel.claim(subject)));
    AttestationVerifier strict = AttestationVerifier.using(forge.verifier()).requireNames();

    refuses(
        claimed.outcome(verified, strict),
        AttestationRules.CLAIM_NAMES_MISSING,
        "no digest of the file names (dev.modelsigning/names-sha256)");

    claimed.add(forge.bundle(claimed.claim()));
    assertThat(claimed.outcome(verified, strict).attestations())
        .extracting(Attestation::line)
        .containsExactly(2L);
    assertThat(claimed.outcome(verified, strict.requireTime()).refused())
        .extracting(each -> each.why().rule())
        .as("both demands at once")
        .containsExactly(
            AttestationRules.CLAIM_NAMES_MISSING, AttestationRules.CLAIM_TIME_NOT_PROVED);
  }

  @Test
  void refusesTwoSubjects() throws Exception {
    refuses(
        ClaimedModel.claim(
            claimed.subjectJson() + ",{\"name\":\"x\",\"digest\":{\"sha256\":\"00\"}}"),
        AttestationRules.CLAIM_SUBJECTS,
        "expected one subject, the model, found 2");
  }

  @Test
  void refusesTheModelTwiceAsSubject() throws Exception {
    refuses(
        ClaimedModel.claim(claimed.subjectJson() + "," + claimed.subjectJson()),
        AttestationRules.CLAIM_SUBJECTS,
        "found 2");
  }

  @Test
  void refusesNoSubject() throws Exception {
    refuses(ClaimedModel.claim(""), Rules.MALFORMED_BUNDLE, "payload: subject: is missing");
  }

  @Test
  void refusesADigestByAnotherAlgorithmOnly() throws Exception {
    refusesDigests(
        "\"sha512\":\"" + claimed.subject().rootDigest() + "\"",
        AttestationRules.CLAIM_OTHER_MODEL,
        "found none by SHA-256");
  }

  @Test
  void refusesADigestInUpperCase() throws Exception {
    refusesDigests(
        "\"sha256\":\"" + claimed.subject().rootDigest().toUpperCase(Locale.ROOT) + "\"",
        AttestationRules.CLAIM_OTHER_MODEL);
  }

  @Test
  void refusesADigestThatIsNoText() throws Exception {
    refusesDigests(
        "\"sha256\":7", Rules.MALFORMED_BUNDLE, "payload: subject[0].digest.sha256", "a string");
  }

  @Test
  void refusesTheDigestOfTheModelUnderAnAlgorithmInUpperCase() throws Exception {
    refusesDigests(
        "\"SHA256\":\"" + claimed.subject().rootDigest() + "\"",
        AttestationRules.CLAIM_OTHER_MODEL);
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "null", "true", "[]", "{}", "1e400"})
  void refusesADigestOfNamesThatIsNoText(String json) throws Exception {
    refusesAnnotation(
        json,
        Rules.MALFORMED_BUNDLE,
        "payload: subject[0].annotations." + ModelSubject.NAMES_ANNOTATION,
        "expected a string");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"\"", "\" \"", "\"\\u202e\\u001b[2J\""})
  void refusesADigestOfNamesThatIsNone(String json) throws Exception {
    refusesAnnotation(json, AttestationRules.CLAIM_OTHER_NAMES);
    assertThat(outcome().refused().get(0).why().message())
        .doesNotContain("\u202e")
        .doesNotContain("\u001b");
  }

  @Test
  void refusesADigestOfNamesInUpperCase() throws Exception {
    String names = claimed.subject().namesDigest().toUpperCase(Locale.ROOT);
    refusesAnnotation('"' + names + '"', AttestationRules.CLAIM_OTHER_NAMES);
  }

  @Test
  void refusesTwoDigestsOfNames() throws Exception {
    String names = '"' + claimed.subject().namesDigest() + '"';
    refusesAnnotation(
        names + ",\"" + ModelSubject.NAMES_ANNOTATION + "\":" + names,
        Rules.MALFORMED_BUNDLE,
        "Duplicate Object property \"" + ModelSubject.NAMES_ANNOTATION);
  }

  /** Only our own annotation decides; those of others may have any form. */
  @Test
  void countsAClaimWithAnnotationsOfOthers() throws Exception {
    String names = '"' + claimed.subject().namesDigest() + "\",\"size\":7,\"tags\":[null]";
    String root = "\"sha256\":\"" + claimed.subject().rootDigest() + "\"";
    claimed.add(forge.bundle(ClaimedModel.claim(ClaimedModel.subjectJson(root, names))));

    assertThat(outcome().attestations()).hasSize(1);
  }

  // --- how often

  private Attestation counted(long repeated, String... where) throws Exception {
    AttestationOutcome outcome = outcome();
    assertThat(outcome.refused()).isEmpty();
    assertThat(outcome.attestations()).hasSize(1);
    Attestation counted = outcome.attestations().get(0);
    assertThat(counted.line()).isEqualTo(1);
    assertThat(counted.repeated()).isEqualTo(repeated);
    assertThat(counted.findings())
        .extracting(Finding::rule)
        .containsExactly(AttestationRules.CLAIM_REPEATED);
    assertThat(counted.findings().get(0).message()).contains(where);
    return counted;
  }

  /** Whoever can write the file can copy its lines. */
  @Test
  void countsALineThatIsRepeatedOnce() throws Exception {
    Bundle bundle = forge.bundle(claimed.claim());
    claimed.add(bundle).add(bundle);
    counted(1, "is there again in ", "claims.jsonl:2; it counts once");
    claimed.add(bundle);
    counted(2, "is there again 2 times, first in ", "claims.jsonl:2;");
  }

  @Test
  void countsAFileThatIsGivenTwiceOnce() throws Exception {
    claimed.add(forge.bundle(claimed.claim()));
    AttestationOutcome outcome =
        AttestationVerifier.using(forge.verifier())
            .verify(
                verified,
                List.of(claimed.claims(), claimed.claims()),
                PredicateType.of(ClaimedModel.TYPE));
    assertThat(outcome.attestations()).extracting(Attestation::repeated).containsExactly(1L);
  }

  /** Two statements are two, even if they say the same. */
  @Test
  void countsTwoStatementsTwice() throws Exception {
    claimed.add(forge.bundle(claimed.claim()));
    claimed.add(forge.bundle(claimed.claim().replace("\"_type\"", " \"_type\"")));
    assertThat(outcome().attestations()).extracting(Attestation::repeated).containsExactly(0L, 0L);
  }

  @Test
  void countsAStatementOfAnotherTypeThatIsRepeatedOnce() throws Exception {
    Bundle other = forge.bundle(ClaimedModel.claim(claimed.subjectJson(), "https://x.example/o"));
    claimed.add(other).add(other);
    assertThat(outcome().otherTypes()).isEqualTo(1);
  }

  // --- what kind of statement

  @Test
  void countsOtherTypesAndDoesNotTakeThemForTheOneThatIsWanted() throws Exception {
    claimed.add(forge.bundle(ClaimedModel.claim(claimed.subjectJson(), ClaimedModel.TYPE + ".1")));
    claimed.add(
        forge.bundle(ClaimedModel.claim(claimed.subjectJson(), "HTTPS://example.com/checked/v1")));

    AttestationOutcome outcome = outcome();
    assertThat(outcome.attestations()).isEmpty();
    assertThat(outcome.refused()).isEmpty();
    assertThat(outcome.otherTypes()).isEqualTo(2);
  }

  @Test
  void neverTakesTheSignatureOfAModelForAnAttestation() throws Exception {
    refuses(
        ClaimedModel.statement(),
        Rules.MALFORMED_BUNDLE,
        "predicateType",
        "the signature of a model, not an attestation");
    assertThatThrownBy(() -> PredicateType.of("https://model_signing/signature/v1.0"))
        .hasMessageContaining("OMS 5.2");
  }

  @Test
  void neverTakesTheSignatureOfAModelInTheOldFormForAnAttestation() throws Exception {
    String type = "https://model_signing/Digests/v0.1";
    refuses(
        ClaimedModel.claim(claimed.subjectJson(), type),
        Rules.MALFORMED_BUNDLE,
        "the signature of a model");
  }

  @Test
  void neverTakesAnAttestationForTheSignatureOfAModel() throws Exception {
    Bundle attestation = forge.bundle(claimed.claim());
    assertThatThrownBy(() -> claimed.verify(attestation, forge.verifier()))
        .isInstanceOf(MalformedBundleException.class)
        .hasMessageContaining("payload: predicateType: expected '")
        .hasMessageContaining("found 'https://example.com/checked/v1'");
  }

  private void noted(Rule rule, String part) throws Exception {
    List<Finding> notes = outcome().attestations().get(0).findings();
    assertThat(notes).extracting(Finding::rule).containsExactly(rule);
    assertThat(notes.get(0).message()).contains(part);
  }

  /** As {@code cosign attest} wrote them for years. */
  @Test
  void countsTheOlderFormOfStatements() throws Exception {
    claimed.add(forge.bundle(claimed.claim().replace("Statement/v1", "Statement/v0.1")));

    assertThat(outcome().attestations().get(0).statement().form()).isEqualTo(AttestedStatement.V01);
    noted(AttestationRules.CLAIM_OLD_FORM, "in-toto Statement v0.1");
  }

  /** As {@code cosign sign} writes them. */
  @Test
  void countsAStatementWithoutAPredicate() throws Exception {
    claimed.add(forge.bundle(claimed.claim().replace(",\"predicate\":{\"result\":\"good\"}", "")));

    assertThat(outcome().attestations().get(0).statement().predicate()).isEqualTo(Optional.empty());
    noted(AttestationRules.CLAIM_NO_PREDICATE, "no predicate");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://in-toto.io/Statement/v2",
        "https://in-toto.io/Statement/v0.2",
        "https://in-toto.io/Statement/V1",
        "https://in-toto.io/Statement/v1 ",
        ""
      })
  void refusesAnotherForm(String form) throws Exception {
    refuses(
        claimed.claim().replace("https://in-toto.io/Statement/v1", form),
        Rules.MALFORMED_BUNDLE,
        "payload: _type: expected");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "\"x\"", "7", "null", "true"})
  void refusesAPredicateThatIsNoObject(String predicate) throws Exception {
    refuses(
        claimed.claim().replace("{\"result\":\"good\"}", predicate),
        Rules.MALFORMED_BUNDLE,
        "payload: predicate: expected an object");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"_type\":\"https://in-toto.io/Statement/v1\"",
        "\"predicateType\":\"https://example.com/checked/v1\"",
        "\"predicate\":{\"result\":\"good\"}",
        "\"subject\":[]"
      })
  void refusesANameThatIsThereTwice(String member) throws Exception {
    refuses(
        "{" + member + "," + claimed.claim().substring(1),
        Rules.MALFORMED_BUNDLE,
        "payload: not valid JSON",
        "Duplicate Object property");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"result\":\"good\"",
        "\"r\\u0065sult\":\"bad\"",
        "\"x\":{\"y\":1,\"y\":1}",
        "\"x\":[{\"y\":1,\"\\u0079\":2}]"
      })
  void refusesANameThatIsThereTwiceInThePredicate(String members) throws Exception {
    refuses(
        claimed.claim().replace("\"result\":\"good\"", "\"result\":\"good\"," + members),
        Rules.MALFORMED_BUNDLE,
        "payload: not valid JSON",
        "Duplicate Object property");
  }

  @Test
  void refusesANameThatIsThereTwiceInTheDigests() throws Exception {
    String root = "\"sha256\":\"" + claimed.subject().rootDigest() + "\"";
    refusesDigests(
        root + "," + root, Rules.MALFORMED_BUNDLE, "Duplicate Object property \"sha256\"");
  }

  @Test
  void refusesUnknownFieldsOfTheStatement() throws Exception {
    refuses(
        claimed.claim().replace("\"_type\"", "\"more\":1,\"_type\""),
        Rules.MALFORMED_BUNDLE,
        "unknown field 'more'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "null", "\ufeff{}", "{}{}", "\u0000"})
  void refusesAPayloadThatIsNoStatement(String payload) throws Exception {
    refuses(payload.isEmpty() ? " " : payload, Rules.MALFORMED_BUNDLE, "payload: ");
  }

  @Test
  void refusesWhatIsDeeperThanAnythingThatIsRead() throws Exception {
    String deep = "[".repeat(64) + "]".repeat(64);
    refuses(
        claimed.claim().replace("\"good\"", deep), Rules.MALFORMED_BUNDLE, "nested deeper than 64");
  }

  /** Values are handed on as they were signed. */
  @Test
  void changesNoNumber() throws Exception {
    String numbers = "{\"n\":[1e400,-0,0.10,100000000000000000000000000000001,1E+2]}";
    claimed.add(forge.bundle(claimed.claim().replace("{\"result\":\"good\"}", numbers)));

    assertThat(outcome().attestations().get(0).statement().predicate()).hasValue(numbers);
  }

  // --- the bundle

  private void refusesBundle(String change, String by, String... parts) throws Exception {
    String json = forge.bundleJson(claimed.claim());
    assertThat(json).contains(change);
    claimed.add(json.replace(change, by));
    refuses(outcome(), Rules.MALFORMED_BUNDLE, parts);
  }

  @Test
  void refusesTwoSignatures() throws Exception {
    String json = forge.bundleJson(claimed.claim());
    String signature = json.replaceFirst(".*\"signatures\":\\[(\\{[^}]*\\})\\].*", "$1");
    refusesBundle(
        signature, signature + "," + signature, "exactly one signature is required, found 2");
  }

  @Test
  void refusesNoSignature() throws Exception {
    String json = forge.bundleJson(claimed.claim());
    String signature = json.replaceFirst(".*\"signatures\":\\[(\\{[^}]*\\})\\].*", "$1");
    refusesBundle(signature, "", "exactly one signature is required, found 0");
  }

  /** Nothing of ours goes there, and nothing of others is looked at. */
  @Test
  void refusesUnknownFieldsBesideTheKey() throws Exception {
    refusesBundle(
        "\"publicKey\":{",
        "\"publicKey\":{\"namesDigest\":\"x\",",
        "bundle: verificationMaterial.publicKey.namesDigest: unknown field 'namesDigest'");
  }

  @Test
  void refusesUnknownFieldsOfTheMaterialAndTheBundle() throws Exception {
    refusesBundle("\"publicKey\":{", "\"more\":1,\"publicKey\":{", "unknown field 'more'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"publicKey\":\\{[^}]*\\}",
        "\"payloadType\":\"[^\"]*\"",
        "\"mediaType\":\"[^\"]*\"",
        "\"sig\":\"[^\"]*\""
      })
  void refusesANameThatIsThereTwiceInTheBundle(String member) throws Exception {
    String json = forge.bundleJson(claimed.claim());
    String twice = json.replaceFirst(member, "$0,$0");
    assertThat(twice.length()).isGreaterThan(json.length());
    claimed.add(twice);
    refuses(
        outcome(), Rules.MALFORMED_BUNDLE, "bundle: not valid JSON", "Duplicate Object property");
  }

  @Test
  void refusesAPayloadOfAnotherType() throws Exception {
    refusesBundle("application/vnd.in-toto+json", "application/json", "payloadType");
  }

  @Test
  void refusesASignatureOverAnotherStatement() throws Exception {
    String json = forge.bundleJson(claimed.claim());
    String signature = json.replaceFirst(".*\"sig\":\"([^\"]*)\".*", "$1");
    String other = forge.bundleJson(claimed.claim().replace("good", "bad"));
    claimed.add(other.replaceFirst("\"sig\":\"[^\"]*\"", "\"sig\":\"" + signature + "\""));

    refuses(outcome(), Reason.INVALID_SIGNATURE.rule());
  }

  @Test
  void theRestCountsWhateverIsRefused() throws Exception {
    claimed.add("{").add("").add("\u202e\u001b[2J").add(forge.bundle(claimed.claim()));
    claimed.add(forge.bundle(claimed.claim()).toString());

    AttestationOutcome outcome = outcome();
    assertThat(outcome.attestations()).extracting(Attestation::line).containsExactly(4L);
    assertThat(outcome.refused()).extracting(RefusedClaim::line).containsExactly(1L, 3L, 5L);
    assertThat(outcome.refused())
        .allSatisfy(each ->
            assertThat(each.why().message()).doesNotContain("\u202e").doesNotContain("\u001b"));
  }

  /** Models that share a file must not hide why a claim about this one does not count. */
  @Test
  void countsClaimsAboutOtherModelsAndKeepsTheOtherReasons() throws Exception {
    String names = '"' + claimed.subject().namesDigest() + '"';
    String other = "\"sha256\":\"" + Forge.sha256("other") + "\"";
    String line = forge.bundleJson(ClaimedModel.claim(ClaimedModel.subjectJson(other, names)));
    Files.writeString(claimed.claims(), (line + "\n").repeat(1_005) + "x\n");

    AttestationOutcome outcome = outcome();
    assertThat(outcome.otherModels()).isEqualTo(1_005);
    assertThat(outcome.moreRefused()).isEqualTo(6);
    assertThat(outcome.refused()).hasSize(AttestationOutcome.MAX_REFUSED);
    assertThat(outcome.refused().get(999).line()).isEqualTo(1_006);
    assertThat(outcome.refused().get(999).why().rule()).isEqualTo(Rules.MALFORMED_BUNDLE);
  }

  @Test
  void keepsAThousandReasonsAndCountsTheOthers() throws Exception {
    Files.writeString(claimed.claims(), "x\n".repeat(1_100));

    AttestationOutcome outcome = outcome();
    assertThat(outcome.refused()).hasSize(AttestationOutcome.MAX_REFUSED);
    assertThat(outcome.moreRefused()).isEqualTo(100);
  }
}
