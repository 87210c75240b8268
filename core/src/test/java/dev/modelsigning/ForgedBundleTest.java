package dev.modelsigning;

import static dev.modelsigning.testing.Forge.sha256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.Envelope;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.Payload;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.testing.Forge;
import dev.modelsigning.testing.Forge.StatementText;
import dev.modelsigning.testing.Models;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERSequence;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Statements that are validly signed and must be refused nevertheless, or must be accepted although
 * they look odd.
 */
class ForgedBundleTest {

  private static final String FILES =
      "{\"method\":\"files\",\"hash_type\":\"sha256\",\"allow_symlinks\":false%s}";
  private static final String SHARDS =
      "{\"method\":\"shards\",\"hash_type\":\"sha256\",\"shard_size\":%s,\"allow_symlinks\":false}";

  @TempDir Path directory;

  private final Forge forge = new Forge();
  private Path model;

  @BeforeEach
  void makeModel() throws Exception {
    model = Models.write(directory.resolve("model"), "a", "alpha", "b/c", "gamma");
  }

  /** A statement about the model that is right in every way. */
  private static StatementText good() {
    return new StatementText().file("a", "alpha").file("b/c", "gamma");
  }

  private VerifiedModel verify(Object statement) throws Exception {
    return verifier().verify(model, forge.bundle(statement.toString()));
  }

  private ModelVerifier verifier() {
    return ModelVerifier.using(forge.verifier());
  }

  private void refuses(Object statement, String... parts) {
    assertThatThrownBy(() -> verify(statement))
        .isInstanceOf(MalformedBundleException.class)
        .message()
        .startsWith("payload: ")
        .satisfies(message -> Stream.of(parts).forEach(part -> assertThat(message).contains(part)));
  }

  private void mismatches(Object statement) {
    mismatches(() -> verify(statement));
  }

  private static void mismatches(ThrowingCallable verification) {
    assertThatThrownBy(verification)
        .isInstanceOfSatisfying(
            VerificationException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.MODEL_MISMATCH));
  }

  @Test
  void acceptsTheGoodStatementThatAllOthersAreMadeFrom() throws Exception {
    assertThat(verify(good()).files()).isEqualTo(2);
  }

  // --- resources: order, duplicates, names

  @Test
  void acceptsResourcesInAnyOrderAndWarns() throws Exception {
    VerifiedModel verified = verify(new StatementText().file("b/c", "gamma").file("a", "alpha"));
    assertThat(verified.findings())
        .anyMatch(finding -> finding.message().contains("code point order"));
  }

  @Test
  void refusesResourcesOutOfOrderInStrictMode() {
    Bundle bundle =
        forge.bundle(new StatementText().file("b/c", "gamma").file("a", "alpha").toString());
    ModelVerifier strict = ModelVerifier.builder(forge.verifier()).strict(true).build();
    assertThatThrownBy(() -> strict.verify(model, bundle))
        .isInstanceOfSatisfying(
            VerificationException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NOT_STRICT));
  }

  @Test
  void refusesANameThatIsListedTwice() {
    refuses(good().file("a", "alpha"), "'a'", "twice");
  }

  @Test
  void refusesANameThatIsListedTwiceWithDifferentDigests() {
    refuses(good().file("a", "other"), "'a'", "twice");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../outside",
        "b/../a",
        "/etc/passwd",
        "./a",
        "b//c",
        "b/",
        "b/./c",
        "..",
        ".",
        "a\0b"
      })
  void refusesANameThatIsNotCanonical(String name) throws Exception {
    Files.writeString(directory.resolve("outside"), "secret");
    refuses(good().file(name, "secret"));
  }

  @Test
  void neverReadsAFileOutsideTheModel() throws Exception {
    Files.writeString(directory.resolve("outside"), "secret");
    Bundle bundle = forge.bundle(good().file("../outside", "secret").toString());
    ModelVerifier tolerant =
        ModelVerifier.builder(forge.verifier()).ignoreUnsignedFiles(true).build();
    assertThatThrownBy(() -> tolerant.verify(model, bundle))
        .isInstanceOf(MalformedBundleException.class)
        .hasMessageContaining("'../outside'")
        .hasMessageContaining("OMS 6.1.2");
  }

  @Test
  void refusesAnEmptyName() {
    refuses(good().file("", ""), "name", "must not be empty");
  }

  @Test
  void refusesHalfASurrogatePairInAName() {
    refuses(
        good()
            .rawResource(
                "{\"name\":\"\\ud83d\",\"algorithm\":\"sha256\",\"digest\":\""
                    + sha256("")
                    + "\"}"),
        "surrogate");
  }

  @Test
  void showsControlCharactersOfANameAsEscapes() {
    refuses(good().file("x\u001b[2J/../y", ""), "x\\u001b[2J/../y");
  }

  @Test
  void takesBackslashQuoteLineFeedPercentAndTildeForOrdinaryCharacters() throws Exception {
    String name = "a\\b \"q\" c\nd %2e ~";
    Files.writeString(model.resolve(name), "odd");
    assertThat(verify(good().file(name, "odd")).files()).isEqualTo(3);
  }

  // --- a model of one file

  @ParameterizedTest
  @ValueSource(strings = {".", "a"})
  void acceptsAModelOfOneFileByItsNameOrADot(String name) throws Exception {
    Bundle bundle = forge.bundle(new StatementText().file(name, "alpha").toString());
    assertThat(verifier().verify(model.resolve("a"), bundle).files()).isEqualTo(1);
  }

  @Test
  void refusesAModelOfOneFileByAnotherName() {
    Bundle bundle = forge.bundle(new StatementText().file("b", "alpha").toString());
    mismatches(() -> verifier().verify(model.resolve("a"), bundle));
  }

  @Test
  void refusesAModelOfOneFileWhereTheManifestListsMore() {
    Bundle bundle = forge.bundle(good().toString());
    mismatches(() -> verifier().verify(model.resolve("a"), bundle));
  }

  @Test
  void refusesADotBesideOtherNames() {
    refuses(good().file(".", "alpha"), "'.'");
  }

  // --- ignore paths

  @ParameterizedTest
  @CsvSource({
    "'', leave out the whole model",
    "'.', leave out the whole model",
    "'/b', absolute",
    "'b/..', '..'",
    "'../x', '..'"
  })
  void refusesAnIgnorePathThatCoversTooMuch(String path, String problem) {
    refuses(
        good().serialization(String.format(FILES, ",\"ignore_paths\":[\"" + path + "\"]")),
        "ignore_paths",
        problem);
  }

  @Test
  void takesOtherIgnorePathsLiterally() throws Exception {
    Models.write(model, "x/y", "unsigned");
    String absolute = model.toAbsolutePath().toString().substring(1);
    StatementText statement =
        good()
            .serialization(
                String.format(
                    FILES, ",\"ignore_paths\":[\"./x\",\"x/\",\"*\",\"" + absolute + "\"]"));
    mismatches(statement);
  }

  @Test
  void leavesOutWhatTheSignerLeftOut() throws Exception {
    Models.write(model, "x/y", "unsigned");
    StatementText statement =
        good().serialization(String.format(FILES, ",\"ignore_paths\":[\"x\"]"));
    assertThat(verify(statement).uncovered())
        .singleElement()
        .satisfies(entry -> assertThat(entry.name()).isEqualTo("x"));
  }

  @Test
  void checksAListedFileAlthoughItIsIgnored() throws Exception {
    StatementText statement =
        good().serialization(String.format(FILES, ",\"ignore_paths\":[\"b\"]"));
    assertThat(verify(statement).files()).isEqualTo(2);
    Files.writeString(model.resolve("b/c"), "changed");
    mismatches(statement);
    Files.delete(model.resolve("b/c"));
    mismatches(statement);
  }

  @Test
  void checksAListedGitFileAndLeavesOutTheOthers() throws Exception {
    Models.write(model, ".git/config", "signed", ".git/HEAD", "unsigned");
    StatementText statement = good().file(".git/config", "signed");
    VerifiedModel verified = verify(statement);
    assertThat(verified.files()).isEqualTo(3);
    assertThat(verified.uncovered())
        .singleElement()
        .satisfies(entry -> assertThat(entry.name()).isEqualTo(".git/HEAD"));
    Files.writeString(model.resolve(".git/config"), "changed");
    mismatches(statement);
  }

  @Test
  void checksAListedFileThatTheUserIgnores() throws Exception {
    Files.writeString(model.resolve("a"), "changed");
    Bundle bundle = forge.bundle(good().toString());
    ModelVerifier ignoring =
        ModelVerifier.builder(forge.verifier())
            .reading(Reading.withDefaults().ignorePath("a"))
            .build();
    mismatches(() -> ignoring.verify(model, bundle));
  }

  // --- signatures and keys

  @Test
  void acceptsAHintInUpperCase() throws Exception {
    String json = forge.bundleJson(good().toString());
    String hint = hintOf(json);
    Bundle bundle = Forge.parse(json.replace(hint, hint.toUpperCase(Locale.ROOT)));
    assertThat(verifier().verify(model, bundle).findings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"hint\":\"\"}", "{\"keyDetails\":\"PKIX_ECDSA_P256_SHA_256\"}"})
  void acceptsABundleThatDoesNotNameItsKeyAndWarns(String publicKey) throws Exception {
    String json = forge.bundleJson(good().toString());
    Bundle bundle = Forge.parse(json.replace("{\"hint\":\"" + hintOf(json) + "\"}", publicKey));
    assertThat(verifier().verify(model, bundle).findings())
        .anyMatch(finding -> finding.message().contains("does not name its key"));
  }

  @Test
  void refusesSignaturesOfNumbersOutOfRange() throws Exception {
    String json = forge.bundleJson(good().toString());
    BigInteger order = forge.keys().algorithm().parameters().getOrder();
    for (BigInteger[] numbers :
        new BigInteger[][] {
          {BigInteger.ZERO, BigInteger.ZERO},
          {BigInteger.ZERO, BigInteger.ONE},
          {BigInteger.ONE, BigInteger.ZERO},
          {order, BigInteger.ONE},
          {BigInteger.ONE, order},
          {BigInteger.ONE.negate(), BigInteger.ONE}
        }) {
      byte[] der =
          new DERSequence(
                  new ASN1Encodable[] {new ASN1Integer(numbers[0]), new ASN1Integer(numbers[1])})
              .getEncoded();
      String signature = Base64.getEncoder().encodeToString(der);
      Bundle bundle =
          Forge.parse(json.replaceAll("\"sig\":\"[^\"]*\"", "\"sig\":\"" + signature + "\""));
      assertThatThrownBy(() -> verifier().verify(model, bundle))
          .isInstanceOfSatisfying(
              VerificationException.class,
              e -> assertThat(e.reason()).isEqualTo(Reason.INVALID_SIGNATURE));
    }
  }

  @Test
  void refusesTheHintOfAnotherKey() throws Exception {
    String json = forge.bundleJson(good().toString());
    Bundle bundle = Forge.parse(json.replace(hintOf(json), hintOf(new Forge().bundleJson("x"))));
    assertThatThrownBy(() -> verifier().verify(model, bundle))
        .isInstanceOfSatisfying(
            VerificationException.class, e -> assertThat(e.reason()).isEqualTo(Reason.WRONG_KEY));
  }

  @Test
  void refusesRawBytesOfAnotherKeyEvenBesideTheRightHint() throws Exception {
    String json = forge.bundleJson(good().toString());
    String hint = "\"hint\":\"" + hintOf(json) + "\"";
    Bundle bundle =
        Forge.parse(json.replace(hint, hint + ",\"rawBytes\":\"" + Forge.base64("x") + "\""));
    assertThatThrownBy(() -> verifier().verify(model, bundle))
        .isInstanceOfSatisfying(
            VerificationException.class, e -> assertThat(e.reason()).isEqualTo(Reason.WRONG_KEY));
  }

  @Test
  void refusesASignatureOverAnotherPayload() throws Exception {
    String json = forge.bundleJson(good().toString());
    String other = good().subjectName("\"other\"").toString();
    Bundle bundle = Forge.parse(json.replace(Forge.base64(good().toString()), Forge.base64(other)));
    assertThatThrownBy(() -> verifier().verify(model, bundle))
        .isInstanceOfSatisfying(
            VerificationException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.INVALID_SIGNATURE));
  }

  @Test
  void refusesASignatureOverThePayloadWithoutItsEncoding() throws Exception {
    Bytes payload = Bytes.of(good().toString().getBytes(StandardCharsets.UTF_8));
    Bundle bundle = forge.bundle(good().toString());
    Bundle forged =
        new Bundle(
            bundle.mediaType(),
            bundle.verificationMaterial(),
            bundle.tlogEntries(),
            bundle.rfc3161Timestamps(),
            new Envelope(Payload.inToto(payload), forge.sign(payload)));
    assertThatThrownBy(() -> verifier().verify(model, forged))
        .isInstanceOfSatisfying(
            VerificationException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.INVALID_SIGNATURE));
  }

  @Test
  void warnsAboutLogEntriesAndTimeStampsThatItDoesNotVerify() throws Exception {
    String json =
        forge
            .bundleJson(good().toString())
            .replace("\"tlogEntries\":[]", "\"tlogEntries\":[{\"logIndex\":\"1\"}]");
    assertThat(verifier().verify(model, Forge.parse(json)).findings())
        .anyMatch(finding -> finding.message().contains("not verified"));
  }

  private static String hintOf(String json) {
    return json.replaceAll(".*\"hint\":\"([0-9a-f]+)\".*", "$1");
  }

  // --- algorithms and digests

  @Test
  void refusesAnAlgorithmThatIsNotTheHashType() {
    refuses(
        good().resource("x", "blake3", sha256("")),
        "predicate.resources[2].algorithm",
        "'sha256'",
        "'blake3'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"SHA256", "sha-256", "sha512", "md5", "blake2", ""})
  void refusesAnUnknownHashType(String id) {
    refuses(
        good()
            .serialization(
                "{\"method\":\"files\",\"hash_type\":\"" + id + "\",\"allow_symlinks\":false}"),
        "hash_type");
  }

  @Test
  void refusesADigestInUpperCase() {
    String digest = sha256("x").toUpperCase(Locale.ROOT);
    refuses(good().resource("x", "sha256", digest), "predicate.resources[2]", "lower-case");
  }

  @Test
  void refusesADigestOfTheWrongLength() {
    refuses(good().resource("x", "sha256", sha256("x") + "00"), "64", "66");
    refuses(good().resource("x", "sha256", "00"), "64", "2");
  }

  @Test
  void refusesADigestThatIsNotHexadecimal() {
    refuses(
        good()
            .rawResource(
                "{\"name\":\"x\",\"algorithm\":\"sha256\",\"digest\":\"" + "g".repeat(64) + "\"}"),
        "hexadecimal");
  }

  @Test
  void refusesARootDigestThatIsNotThatOfTheResources() {
    refuses(good().root(sha256("x")), "subject[0].digest.sha256", "OMS 6.5.1");
  }

  @Test
  void refusesARootDigestInUpperCase() {
    String upper =
        good()
            .toString()
            .replaceAll(".*\"digest\":\\{\"sha256\":\"([0-9a-f]+)\"}.*", "$1")
            .toUpperCase(Locale.ROOT);
    refuses(good().root(upper), "subject[0].digest.sha256");
  }

  // --- shards

  private static StatementText shards(String... namesAndContents) {
    StatementText statement = new StatementText().serialization(String.format(SHARDS, "3"));
    for (int i = 0; i < namesAndContents.length; i += 2) {
      statement.file(namesAndContents[i], namesAndContents[i + 1]);
    }
    return statement;
  }

  private static StatementText goodShards() {
    return shards("a:0:3", "alp", "a:3:5", "ha", "b/c:0:3", "gam", "b/c:3:5", "ma");
  }

  @Test
  void acceptsShards() throws Exception {
    assertThat(verify(goodShards()).files()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.0", "3e0", "0.3e1", "30e-1"})
  void acceptsAnIntegralShardSizeInAnyNotation(String size) throws Exception {
    assertThat(verify(goodShards().serialization(String.format(SHARDS, size))).files())
        .isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-3",
        "3.5",
        "1e999999999",
        "1e99999999999",
        "1e2147483648",
        "9007199254740993",
        "\"3\"",
        "null",
        "true",
        "1e-5",
        "[]"
      })
  void refusesAShardSizeThatIsNoPositiveInteger(String size) {
    refuses(goodShards().serialization(String.format(SHARDS, size)), "shard_size");
  }

  @Test
  void refusesShardsWithoutAShardSize() {
    refuses(
        goodShards()
            .serialization(
                "{\"method\":\"shards\",\"hash_type\":\"sha256\",\"allow_symlinks\":false}"),
        "shard_size");
  }

  @Test
  void refusesAShardSizeWithFiles() {
    refuses(good().serialization(String.format(FILES, ",\"shard_size\":3")), "shard_size");
  }

  @Test
  void acceptsTheAlgorithmWithTheShardSizeInIt() throws Exception {
    String statement =
        goodShards()
            .toString()
            .replace("\"algorithm\":\"sha256\"", "\"algorithm\":\"sha256-sharded-3\"");
    assertThat(verify(statement).files()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sha256-sharded-4", "sha256-sharded-03", "blake3-sharded-3"})
  void refusesTheAlgorithmWithAnythingElseInIt(String algorithm) {
    refuses(
        goodShards()
            .toString()
            .replace("\"algorithm\":\"sha256\"", "\"algorithm\":\"" + algorithm + "\""),
        "algorithm");
  }

  @Test
  void refusesTheShardedFormOfAnAlgorithmWithFiles() {
    refuses(
        good().toString().replace("\"algorithm\":\"sha256\"", "\"algorithm\":\"sha256-sharded-3\""),
        "algorithm");
  }

  @Test
  void refusesShardsWithAGap() {
    refuses(shards("a:0:3", "alp", "a:6:9", "xxx"), "cover");
  }

  @Test
  void refusesShardsThatDoNotBeginAtTheStart() {
    refuses(shards("a:3:5", "ha"), "cover");
  }

  @Test
  void refusesShardsThatOverlap() {
    refuses(shards("a:0:3", "alp", "a:2:5", "pha"), "cover");
  }

  @Test
  void refusesAShortShardBeforeTheLast() {
    refuses(shards("a:0:2", "al", "a:3:5", "ha"), "cover");
  }

  @Test
  void refusesAShardLongerThanTheShardSize() {
    refuses(shards("a:0:5", "alpha"), "cover");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "a:0",
        "a:0:",
        ":0:3",
        "a:-0:3",
        "a:+0:3",
        "a:00:3",
        "a:0:03",
        "a:0:0",
        "a:3:3",
        "a:0:9223372036854775808",
        "a:0x0:3",
        "a: 0:3",
        "a:\u0660:3"
      })
  void refusesANameThatIsNoShard(String name) {
    refuses(shards("a:0:3", "alp").file(name, "x"));
  }

  @Test
  void splitsTheNameOfAShardAtItsLastTwoColons() throws Exception {
    Files.writeString(model.resolve("x:0:1"), "ab");
    assertThat(verify(goodShards().file("x:0:1:0:2", "ab")).files()).isEqualTo(3);
  }

  @Test
  void refusesAFileThatGrewOrShrankUnderShards() throws Exception {
    Files.writeString(model.resolve("a"), "alphaalpha");
    mismatches(goodShards());
    Files.writeString(model.resolve("a"), "alp");
    mismatches(goodShards());
  }

  @Test
  void reportsAnEmptyFileThatShardsDoNotCover() throws Exception {
    Files.writeString(model.resolve("empty"), "");
    assertThat(verify(goodShards()).uncovered())
        .singleElement()
        .satisfies(entry -> assertThat(entry.name()).isEqualTo("empty"));
  }

  @Test
  void refusesAnEmptyFileThatShardsDoNotCoverInStrictMode() throws Exception {
    Files.writeString(model.resolve("empty"), "");
    Bundle bundle = forge.bundle(goodShards().toString());
    ModelVerifier strict = ModelVerifier.builder(forge.verifier()).strict(true).build();
    assertThatThrownBy(() -> strict.verify(model, bundle))
        .isInstanceOfSatisfying(
            VerificationException.class,
            e ->
                assertThat(((ModelMismatchException) e).differences().extra().get(0).name())
                    .isEqualTo("empty"));
  }

  @Test
  void takesANameLikeAShardForANameWithFiles() throws Exception {
    Files.writeString(model.resolve("a:0:4"), "odd");
    assertThat(verify(good().file("a:0:4", "odd")).files()).isEqualTo(3);
  }

  // --- empty manifests and statements of another shape

  @Test
  void refusesAManifestThatListsNothing() {
    refuses(new StatementText().root(sha256("")), "resources", "at least one");
  }

  @ParameterizedTest
  @CsvSource({
    "_type, https://in-toto.io/Statement/v0.1",
    "_type, ''",
    "predicateType, https://model_signing/ShardDigests/v0.1",
    "predicateType, https://model_signing/signature/v1.1"
  })
  void refusesAnotherType(String field, String value) {
    StatementText statement = good();
    String json = "\"" + value + "\"";
    refuses(field.equals("_type") ? statement.type(json) : statement.predicateType(json), field);
  }

  @Test
  void refusesTwoSubjects() {
    refuses(
        good().afterSubject(",{\"name\":\"x\",\"digest\":{\"sha256\":\"" + sha256("") + "\"}}"),
        "exactly one subject");
  }

  @Test
  void refusesNoSubject() {
    refuses(
        good().toString().replaceAll("\"subject\":\\[.*?]", "\"subject\":[]"),
        "exactly one subject");
  }

  @Test
  void refusesAnEmptySubjectName() {
    refuses(good().subjectName("\"\""), "subject[0].name");
  }

  @Test
  void acceptsAnySubjectName() throws Exception {
    assertThat(verify(good().subjectName("\"another\"")).statement().modelName())
        .contains("another");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "1", "[]", "{}", "true"})
  void refusesASubjectNameOfAnotherType(String json) {
    refuses(good().subjectName(json), "subject[0].name", "expected a string");
  }

  @Test
  void ignoresUnknownFieldsOfResourcesAndSubject() throws Exception {
    String statement =
        good()
            .toString()
            .replace("\"algorithm\":", "\"uri\":\"x\",\"annotations\":{\"y\":[1]},\"algorithm\":")
            .replace("\"subject\":[{", "\"subject\":[{\"uri\":null,");
    assertThat(verify(statement).files()).isEqualTo(2);
  }

  @Test
  void refusesUnknownFieldsElsewhere() {
    refuses(good().inPredicate(",\"x\":1"), "predicate", "unknown field 'x'");
    refuses(good().inStatement(",\"x\":1"), "unknown field 'x'");
    refuses(good().serialization(String.format(FILES, ",\"x\":1")), "unknown field 'x'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"hash_type\":\"sha256\",\"allow_symlinks\":false}",
        "{\"method\":\"files\",\"allow_symlinks\":false}",
        "{\"method\":\"files\",\"hash_type\":\"sha256\"}",
        "{\"method\":\"tensors\",\"hash_type\":\"sha256\",\"allow_symlinks\":false}",
        "{\"method\":\"files\",\"hash_type\":\"sha256\",\"allow_symlinks\":\"false\"}",
        "{\"method\":\"files\",\"hash_type\":\"sha256\",\"allow_symlinks\":null}",
        "{\"method\":\"files\",\"hash_type\":\"sha256\",\"allow_symlinks\":false,"
            + "\"ignore_paths\":\"x\"}",
        "{\"method\":\"files\",\"hash_type\":\"sha256\",\"allow_symlinks\":false,"
            + "\"ignore_paths\":null}",
        "{\"method\":\"files\",\"hash_type\":\"sha256\",\"allow_symlinks\":false,"
            + "\"ignore_paths\":[1]}",
        "null",
        "[]"
      })
  void refusesASerializationOfAnotherShape(String json) {
    refuses(good().serialization(json), "serialization");
  }

  @ParameterizedTest
  @ValueSource(strings = {"name", "algorithm", "digest"})
  void refusesAResourceThatLacksAField(String field) {
    String resource = "{\"name\":\"x\",\"algorithm\":\"sha256\",\"digest\":\"" + sha256("") + "\"}";
    refuses(
        good()
            .rawResource(
                resource.replaceFirst("\"" + field + "\":\"[^\"]*\",?", "").replace(",}", "}")),
        "predicate.resources[2]." + field,
        "missing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"_type", "subject", "predicateType", "predicate"})
  void refusesAStatementThatLacksAField(String field) {
    refuses(good().toString().replaceFirst("\"" + field + "\":", "\"x-" + field + "\":"));
  }

  // --- JSON

  @Test
  void refusesADuplicateKeyAnywhere() {
    refuses(good().inStatement(",\"_type\":\"https://in-toto.io/Statement/v1\""), "_type");
    refuses(
        good()
            .rawResource(
                "{\"name\":\"x\",\"name\":\"y\",\"algorithm\":\"sha256\",\"digest\":\""
                    + sha256("")
                    + "\"}"),
        "name");
    refuses(
        good().toString().replace("\"subject\":[{", "\"subject\":[{\"z\":{\"q\":1,\"q\":2},"), "q");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " ",
        "[]",
        "null",
        "\"x\"",
        "{",
        "{}x",
        "{\"a\":1,}",
        "{\"a\":NaN}",
        "{\"a\":01}",
        "{\"a\":1} // comment",
        "{'a':1}",
        "{a:1}",
        "\uFEFF{}",
        "{\"a\":\"\u0001\"}",
        "{\"a\":+1}",
        "{\"a\":.5}",
        "{\"a\":Infinity}",
        "{\"a\":\"\\x41\"}"
      })
  void refusesWhatIsNotOneJsonObject(String payload) {
    refuses(payload);
  }

  @Test
  void refusesAnythingBehindTheStatement() {
    refuses(good() + "{}", "nothing may follow");
    refuses(good() + " x");
  }

  @Test
  void acceptsWhiteSpaceAroundTheStatement() throws Exception {
    assertThat(verify("\n\t " + good() + "\r\n ").files()).isEqualTo(2);
  }

  @Test
  void refusesBytesThatAreNotUtf8() {
    byte[] payload =
        good().subjectName("\"m\u00e4\"").toString().getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> verifier().verify(model, forge.bundle(payload)))
        .isInstanceOf(MalformedBundleException.class)
        .hasMessageContaining("UTF-8");
  }

  @Test
  void refusesOverlongAndSurrogateUtf8() {
    for (int[] bytes : new int[][] {{0xC0, 0x80}, {0xED, 0xA0, 0x80}, {0xF5, 0x80, 0x80, 0x80}}) {
      StringBuilder name = new StringBuilder();
      for (int b : bytes) {
        name.append((char) b);
      }
      byte[] payload =
          good().subjectName("\"" + name + "\"").toString().getBytes(StandardCharsets.ISO_8859_1);
      assertThatThrownBy(() -> verifier().verify(model, forge.bundle(payload)))
          .isInstanceOf(MalformedBundleException.class)
          .hasMessageContaining("UTF-8");
    }
  }

  @Test
  void refusesStatementsThatAreNestedTooDeeply() {
    String deep = "[".repeat(5000) + "]".repeat(5000);
    refuses(good().toString().replace("\"subject\":[{", "\"subject\":[{\"z\":" + deep + ","));
  }

  // --- links

  @Test
  void refusesAListedFileThatIsALinkWhereLinksAreNotAllowed() throws Exception {
    Files.delete(model.resolve("a"));
    Files.writeString(directory.resolve("target"), "alpha");
    Files.createSymbolicLink(model.resolve("a"), directory.resolve("target"));
    mismatches(good());
  }

  @Test
  void refusesAListedFileBelowALinkedDirectoryEvenIfUnsignedFilesAreIgnored() throws Exception {
    Models.write(directory.resolve("elsewhere"), "c", "gamma");
    Files.delete(model.resolve("b/c"));
    Files.delete(model.resolve("b"));
    Files.createSymbolicLink(model.resolve("b"), directory.resolve("elsewhere"));
    Bundle bundle = forge.bundle(good().toString());
    ModelVerifier tolerant =
        ModelVerifier.builder(forge.verifier()).ignoreUnsignedFiles(true).build();
    assertThatThrownBy(() -> tolerant.verify(model, bundle))
        .isInstanceOfSatisfying(
            VerificationException.class,
            e ->
                assertThat(((ModelMismatchException) e).differences().missing())
                    .containsExactly("b/c"));
  }

  @Test
  void followsALinkToAFileIfTheSignerAllowedItAndNotIfTheUserForbidsIt() throws Exception {
    Files.delete(model.resolve("a"));
    Files.writeString(directory.resolve("target"), "alpha");
    Files.createSymbolicLink(model.resolve("a"), directory.resolve("target"));
    String statement =
        good().toString().replace("\"allow_symlinks\":false", "\"allow_symlinks\":true");
    VerifiedModel verified = verify(statement);
    assertThat(verified.findings())
        .anyMatch(finding -> finding.message().contains("leads out of the model"));
    ModelVerifier forbidding =
        ModelVerifier.builder(forge.verifier())
            .reading(Reading.withDefaults().allowSymlinks(false))
            .build();
    mismatches(() -> forbidding.verify(model, forge.bundle(statement)));
  }

  @Test
  void refusesALinkToADirectoryEvenIfTheSignerAllowedLinks() throws Exception {
    Models.write(directory.resolve("elsewhere"), "x", "unsigned");
    Files.createSymbolicLink(model.resolve("d"), directory.resolve("elsewhere"));
    mismatches(good().toString().replace("\"allow_symlinks\":false", "\"allow_symlinks\":true"));
  }
}
