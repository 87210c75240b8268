package dev.modelsigning.policy.internal.claim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.attestation.ClaimSource;
import dev.modelsigning.attestation.ClaimsFile;
import dev.modelsigning.attestation.ModelSubject;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.policy.internal.rules.AttestationRule;
import dev.modelsigning.policy.internal.rules.SignerText;
import dev.modelsigning.policy.internal.signer.AskedSigners;
import dev.modelsigning.policy.internal.signer.PolicySigner;
import dev.modelsigning.policy.problem.Place;
import dev.modelsigning.predicate.PredicateType;
import dev.modelsigning.statement.Predicate;
import dev.modelsigning.statement.Statement;
import dev.modelsigning.statement.Subject;
import dev.modelsigning.testing.TestCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read of claims files, whoever writes them. */
class ClaimReaderTest {

  private static final Place PLACE = new Place(1, "");
  private static final ModelSubject MODEL = new ModelSubject("", "ab".repeat(32), "cd".repeat(32));
  private static final ModelSubject PART = new ModelSubject("", "ef".repeat(32), "cd".repeat(32));

  @TempDir private Path directory;
  private Path claims;
  private KeySigner bob;
  private PolicySigner signer;

  @BeforeEach
  void prepare() throws Exception {
    claims = directory.resolve("claims.jsonl");
    TestCertificate person = TestCertificate.root("CN=bob");
    bob = KeySigner.load(person.writeKey(directory.resolve("bob.pem")));
    Path key = person.writePublicKey(directory.resolve("bob.pub"));
    signer =
        new PolicySigner(
            new SignerText.Key("bob", PLACE, List.of(), List.of(key), List.of()),
            directory,
            Clock.systemUTC());
  }

  private void attest(String digest, int number) throws Exception {
    Statement statement =
        new Statement(
            List.of(new Subject("m" + number, Map.of("sha256", digest), Map.of())),
            PredicateType.TEST_RESULT.uri(),
            new Predicate.Other(Optional.of("{\"result\":\"PASSED\",\"configuration\":[]}")));
    ClaimsFile.append(claims, bob.sign(statement.toPayload()).bundle());
  }

  private Claims read(List<ModelSubject> subjects, int most) {
    return ClaimReader.read(
        List.of(ClaimSource.of(claims)),
        subjects,
        List.of(
            new AttestationRule(
                0,
                PLACE,
                PredicateType.TEST_RESULT,
                List.of("bob"),
                Optional.empty(),
                false,
                List.of())),
        new AskedSigners(Map.of("bob", signer)),
        most);
  }

  @Test
  void keepsABoundedNumberOfClaimsAboutTheModel() throws Exception {
    for (int i = 0; i < 5; i++) {
      attest(MODEL.rootDigest(), i);
    }

    Claims read = read(List.of(MODEL), 3);

    assertThat(read.claims()).hasSize(3);
    assertThat(read.refused())
        .hasSize(2)
        .allSatisfy(
            one -> assertThat(one.shown().why()).contains("more than 3 claims about the model"));
  }

  /** Those about others do not take the place of those about the model. */
  @Test
  void countsNoClaimsAboutOtherModels() throws Exception {
    for (int i = 0; i < 5; i++) {
      attest("00".repeat(32), i);
    }
    attest(MODEL.rootDigest(), 5);

    Claims read = read(List.of(MODEL), 3);

    assertThat(read.claims()).hasSize(1);
    assertThat(read.refused())
        .hasSize(5)
        .allSatisfy(one -> assertThat(one.shown().why()).contains("another model"));
  }

  /** A model with two groups of signatures is read once; the group decides which claims count. */
  @Test
  void keepsTheClaimsAboutEachOfTheSubjects() throws Exception {
    attest(MODEL.rootDigest(), 0);
    attest(PART.rootDigest(), 1);

    Claims read = read(List.of(MODEL, PART), 3);

    assertThat(read.claims()).extracting(Claim::number).containsExactly(0, 1);
    assertThat(read.claims().get(0).requireAbout(List.of(MODEL))).isFalse();
  }

  @Test
  void saysWhichFileCannotBeRead() throws Exception {
    Files.createDirectory(claims);

    Claims read = read(List.of(MODEL), 3);

    assertThat(read.claims()).isEmpty();
    assertThat(read.unreadable()).singleElement().asString().contains("claims.jsonl");
  }
}
