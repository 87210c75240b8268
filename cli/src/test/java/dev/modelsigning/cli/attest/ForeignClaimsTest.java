package dev.modelsigning.cli.attest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.Payload;
import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import dev.modelsigning.key.KeySigner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Claims that the model's signer signed validly, and that other programs than this one write. */
class ForeignClaimsTest {

  private static final String TYPE = "https://example.com/checked/v1";

  @TempDir private Path directory;

  private Workspace workspace;
  private Path claims;

  /** The root digest of the model. */
  private String root;

  @BeforeEach
  void signAModel() throws IOException {
    workspace = Workspace.in(directory);
    workspace.sign("--quiet").assertSucceeded();
    claims = workspace.path("claims.jsonl");
    root = Invocation.of("digest", workspace.model()).assertSucceeded().out().strip().substring(7);
  }

  private static String statement(String digest, String type, String predicate) {
    return "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[{\"digest\":{\"sha256\":\""
        + digest
        + "\"}}],\"predicateType\":\""
        + type
        + "\""
        + predicate
        + "}";
  }

  /** Signs a statement with the key of the model's signer, and adds it to the claims. */
  private void claim(String statement) throws Exception {
    byte[] bundle =
        KeySigner.load(workspace.privateKey())
            .sign(Payload.inToto(Bytes.of(statement.getBytes(StandardCharsets.UTF_8))))
            .bundle()
            .toJson()
            .toArray();
    Files.writeString(
        claims,
        new String(bundle, StandardCharsets.UTF_8) + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private Invocation verify(String type, Object... more) {
    List<Object> args = new ArrayList<>(List.of("verify-attestation", "key", workspace.model()));
    args.addAll(List.of("--signature", workspace.signature()));
    args.addAll(List.of("--public-key", workspace.publicKey(), "--predicate-type", type));
    args.addAll(List.of(more));
    return Invocation.of(args.toArray());
  }

  @Test
  void countsAClaimThatBindsNoNamesUnlessNamesAreRequired() throws Exception {
    claim(statement(root, TYPE, ",\"predicate\":{}"));

    assertThat(verify(TYPE).assertSucceeded().out())
        .contains("  note         it has no digest of the file names");
    Invocation refused = verify(TYPE, "--require-names");
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err())
        .contains(
            claims
                + ":1: does not count: it has no digest of the file names"
                + " (dev.modelsigning/names-sha256), and that was asked for");
    assertThat(verify(TYPE, "--require-names", "--format=json").out())
        .startsWith("{\"verified\":false,")
        .contains("\"reason\":\"CLAIM_NAMES_MISSING\"");
  }

  @Test
  void countsClaimsAboutOtherModelsInOneLine() throws Exception {
    claim(statement("ab".repeat(32), TYPE, ",\"predicate\":{}"));
    claim(statement("cd".repeat(32), TYPE, ",\"predicate\":{}"));
    Invocation failed =
        verify(TYPE)
            .assertFailed(
                Workspace.VERIFICATION_FAILED,
                "found 2 claims about other models, " + claims + ":1: it is about another model");
    assertThat(failed.err()).doesNotContain(claims + ":2");

    claim(statement(root, TYPE, ",\"predicate\":{}"));
    Invocation verified = verify(TYPE).assertSucceeded();
    assertThat(verified.out()).contains("  other models 2 claims\n");
    assertThat(verified.err()).isEmpty();
    assertThat(verify(TYPE, "--format=json").assertSucceeded().out())
        .contains("\"moreRefused\":0,\"otherModels\":2,\"otherTypes\":0")
        .contains("\"reason\":\"CLAIM_OTHER_MODEL\"");
  }

  @Test
  void namesWhatDoesNotCountBeforeClaimsAboutOtherModels() throws Exception {
    claim(statement("ab".repeat(32), TYPE, ",\"predicate\":{}"));
    claim(statement(root, TYPE, ",\"predicate\":[]"));
    claim(statement(root, "https://example.com/other/v1", ""));

    Invocation refused = verify(TYPE);
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err())
        .contains(
            claims + ":2: does not count: ",
            "1 claim does not count (besides 1 claim of other types"
                + " (https://example.com/other/v1) and 1 claim about other models), "
                + claims
                + ":2: payload: predicate: expected an object")
        .doesNotContain("another model");
  }

  /** Other programs do not check what they sign. */
  @Test
  void namesAPredicateThatDoesNotHaveTheFormOfItsType() throws Exception {
    String type = "https://in-toto.io/attestation/test-result/v0.1";
    claim(statement(root, type, ",\"predicate\":{\"result\":\"GOOD\",\"configuration\":[]}"));

    assertThat(verify("test-result").assertSucceeded().out())
        .contains("it does not have the form of its type: predicate: result: expected one of");
    assertThat(verify("test-result", "--format=json").assertSucceeded().out())
        .contains("{\"rule\":\"CLAIM_PREDICATE_FORM\",\"severity\":\"WARNING\",");
  }

  @Test
  void namesTheOlderFormAndAStatementWithoutPredicate() throws Exception {
    claim(statement(root, TYPE, "").replace("Statement/v1", "Statement/v0.1"));

    assertThat(verify(TYPE).assertSucceeded().out())
        .contains("it is a statement of the older form, in-toto Statement v0.1")
        .contains("it has no predicate, so it states nothing beside its type");
    assertThat(verify(TYPE, "--format=json").assertSucceeded().out())
        .contains("\"CLAIM_OLD_FORM\"", "\"CLAIM_NO_PREDICATE\"");
    assertThat(Invocation.of("inspect", claims).assertSucceeded().out())
        .containsPattern("1 +" + TYPE + " \\(v0\\.1\\) \\(no predicate\\) ");
  }
}
