package dev.modelsigning.cli.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import dev.modelsigning.vectors.Vector;
import dev.modelsigning.vectors.VectorSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** {@code diff}: the differences between files, as text, as JSON and in the exit status. */
class DiffCommandTest {

  private static final String FAILED = "Comparison failed with error";

  @TempDir private Path directory;

  private Workspace workspace;

  /** The signature over the model as it was before {@link #change}. */
  private Path old;

  @BeforeEach
  void signAModel() throws IOException {
    workspace = Workspace.in(directory);
    workspace.write("model/old-name", "moved");
    workspace.sign().assertSucceeded();
    old = Files.copy(workspace.signature(), workspace.path("old.sig"));
  }

  /** One file of each kind of difference; one stays. */
  private void change() throws IOException {
    workspace.write("model/config.json", "{ }");
    Files.delete(workspace.model().resolve("weights/b.bin"));
    Files.move(workspace.model().resolve("old-name"), workspace.model().resolve("new-name"));
    workspace.write("model/added", "x");
  }

  private static Invocation diff(Object before, Object after, Object... more) {
    List<Object> args = new ArrayList<>(List.of("diff", before, after));
    args.addAll(List.of(more));
    return Invocation.of(args.toArray());
  }

  /** The report of one that ends with this exit status. */
  private static JsonNode json(int status, Object before, Object after, Object... more) {
    List<Object> options = new ArrayList<>(List.of(more));
    options.add("--format=json");
    Invocation diff = diff(before, after, options.toArray());
    assertThat(diff.status()).as(diff.err()).isEqualTo(status);
    JsonNode json = ReportSchema.DIFF.read(diff);
    assertThat(json.has("same")).isEqualTo(status != 2);
    assertThat(json.has("reason")).isEqualTo(status == 2);
    if (status != 2) {
      assertThat(json.get("same").booleanValue()).isEqualTo(status == 0);
    }
    return json;
  }

  private static List<String> names(JsonNode list) {
    List<String> names = new ArrayList<>();
    list.forEach(one -> names.add(one.get("name").stringValue()));
    return names;
  }

  private static void assertOneOfEach(JsonNode json) {
    assertThat(names(json.get("added"))).containsExactly("added");
    assertThat(names(json.get("removed"))).containsExactly("weights/b.bin");
    assertThat(names(json.get("changed"))).containsExactly("config.json");
    assertThat(json.get("moved")).hasSize(1);
    assertThat(json.get("moved").get(0).get("from").stringValue()).isEqualTo("old-name");
    assertThat(json.get("moved").get(0).get("to").stringValue()).isEqualTo("new-name");
    assertThat(json.get("unchanged").intValue()).isEqualTo(1);
  }

  private static void refuses(Invocation diff, Object... parts) {
    assertThat(diff.status()).isEqualTo(2);
    assertThat(diff.out()).isEmpty();
    assertThat(diff.err()).startsWith(FAILED + ": ");
    for (Object part : parts) {
      assertThat(diff.err()).contains(part.toString());
    }
  }

  @Test
  void saysWhatBecameOfTheFiles() throws IOException {
    change();

    Invocation diff = diff(old, workspace.model());

    assertThat(diff.status()).isEqualTo(1);
    assertThat(diff.err()).isEmpty();
    assertThat(diff.out())
        .startsWith(
            "NOT VERIFIED: this is what the files say, whoever signed them\n"
                + "Different: 1 added, 1 removed, 1 changed, 1 moved, 1 unchanged\n"
                + "  before       "
                + old
                + " (signature over model)\n    claims     key ")
        .contains("  after        " + workspace.model() + " (model)\n")
        .endsWith(
            """
              added (1):
                added
              removed (1):
                weights/b.bin
              changed (1):
                config.json
              moved (1):
                old-name -> new-name
            """);
  }

  @Test
  void saysThatNothingIsDifferent() {
    Invocation diff = diff(old, workspace.model()).assertSucceeded();

    assertThat(diff.out()).contains("\nSame: 4 files\n");
  }

  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true", "false, false"})
  void comparesSignaturesAndModelsWithEachOther(boolean signedBefore, boolean signedAfter)
      throws IOException {
    Path model = workspace.path("old-model");
    copyModel(model);
    change();
    workspace.sign().assertSucceeded();
    Path before = signedBefore ? old : model;
    Path after = signedAfter ? workspace.signature() : workspace.model();

    JsonNode json = json(1, before, after);

    assertOneOfEach(json);
    assertThat(json.get("verified").booleanValue()).isFalse();
    assertThat(json.get("before").get("kind").stringValue())
        .isEqualTo(signedBefore ? "SIGNATURE" : "MODEL");
    assertThat(json.get("before").get("location").stringValue()).isEqualTo(before.toString());
    assertThat(json.get("before").has("claimedSigner")).isEqualTo(signedBefore);
    json(0, before, before);
    json(0, after, after);
  }

  private void copyModel(Path target) throws IOException {
    try (var files = Files.walk(workspace.model())) {
      for (Path file : files.toList()) {
        Files.copy(
            file,
            target.resolve(workspace.model().relativize(file).toString()),
            StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  @Test
  void hashesAModelAsTheSignatureSays() throws IOException {
    workspace.link("model/link", "config.json");
    workspace.write("model/cache/left-out", "x");
    workspace
        .sign(
            "--hash-algorithm=blake3",
            "--shard-size=3",
            "--allow-symlinks",
            "--ignore-paths=model/cache",
            "--ignore-paths=" + workspace.model().resolve("cache"))
        .assertSucceeded();

    json(0, workspace.signature(), workspace.model());
    json(0, workspace.model(), workspace.signature());

    workspace.write("model/weights/a.bin", "alphA and more");
    JsonNode changed = json(1, workspace.signature(), workspace.model()).get("changed");
    assertThat(names(changed)).containsExactly("weights/a.bin");
    assertThat(changed.get(0).get("before").get("size").intValue()).isEqualTo(5);
    assertThat(changed.get(0).get("after").get("size").intValue()).isEqualTo(14);
    assertThat(diff(workspace.signature(), workspace.model()).out())
        .contains("    weights/a.bin: expected 5 bytes, found 14 bytes\n");
  }

  @Test
  void comparesWhatIsListedAlsoWhereItIsLeftOutByDefault() throws IOException {
    workspace.write("model/.gitignore", "x");
    workspace.sign("--no-ignore-git-paths").assertSucceeded();

    json(0, workspace.signature(), workspace.model());
    workspace.write("model/.gitignore", "y");
    assertThat(names(json(1, workspace.signature(), workspace.model()).get("changed")))
        .containsExactly(".gitignore");
  }

  @Test
  void leavesOutExactlyTheSignatureThatIsCompared() throws IOException {
    Path inside = workspace.model().resolve("model.sig");
    Files.copy(old, inside);

    json(0, inside, workspace.model());
    json(0, workspace.model(), inside);
    assertThat(names(json(1, old, workspace.model()).get("added"))).containsExactly("model.sig");
    assertThat(diff(inside, workspace.model()).out()).contains("model.sig (the signature file)");
  }

  @Test
  void leavesOutWhatItIsTold() throws IOException {
    workspace.write("model/cache/a", "x");

    json(1, old, workspace.model());
    json(0, old, workspace.model(), "--ignore-paths", "cache");
    // What is signed is compared whatever is to be ignored, as verify does it.
    workspace.write("model/config.json", "x");
    json(1, old, workspace.model(), "--ignore-paths", "cache", "--ignore-paths=config.json");
  }

  @Test
  void hashesTwoModelsAsItIsTold() throws IOException {
    JsonNode json =
        json(0, workspace.model(), workspace.model(), "--hash-algorithm=blake2b", "--shard-size=4");

    assertThat(json.get("before").get("serialization").get("hash").stringValue())
        .isEqualTo("blake2b");
    assertThat(diff(workspace.model(), workspace.model()).out())
        .startsWith("NOT VERIFIED: these are two models, and no signature\nSame: 4 files\n");
    workspace.link("model/link", "config.json");
    json(2, workspace.model(), workspace.model());
    json(0, workspace.model(), workspace.model(), "--allow-symlinks");
  }

  @Test
  void saysWhichTensorsOfTwoModelsChanged() throws IOException {
    Path before = workspace.write("before/x.safetensors", tensors("abcd"));
    Path after = workspace.write("after/x.safetensors", tensors("abce"));
    workspace.write("before/y.gguf", "no header");
    workspace.write("after/y.gguf", "no header either");

    JsonNode json = json(1, before.getParent(), after.getParent());
    JsonNode tensors = json.get("tensors");
    assertThat(tensors.size()).isEqualTo(2);
    assertThat(tensors.get(0).get("changed").get(0).stringValue()).isEqualTo("b");
    assertThat(tensors.get(0).get("total").intValue()).isEqualTo(2);
    assertThat(tensors.get(0).get("metadataChanged").booleanValue()).isFalse();
    assertThat(tensors.get(1).get("problem").stringValue()).startsWith("the older file: expected");
    assertThat(diff(before.getParent(), after.getParent()).out())
        .contains("  x.safetensors: 1 of 2 tensors changed\n    changed (1):\n      b\n")
        .contains("  y.gguf: tensors not compared: the older file: expected at least 24 bytes");
    assertThat(json(1, old, after.getParent()).has("tensors")).isFalse();
    assertThat(json(0, old, old).has("tensors")).isFalse();
  }

  private static String tensors(String data) {
    String header =
        "{'a':{'dtype':'U8','shape':[2],'data_offsets':[0,2]},"
            + "'b':{'dtype':'U8','shape':[2],'data_offsets':[2,4]}}";
    return (char) header.length() + "\0".repeat(7) + header.replace('\'', '"') + data;
  }

  /** The files are the same, but not what may be beside them. */
  @Test
  void showsWhatOneSignatureLeavesOutAndTheOtherDoesNot() throws IOException {
    workspace.write("model/more/code.py", "x");
    workspace.sign("--ignore-paths", workspace.path("model/more")).assertSucceeded();

    assertThat(diff(old, workspace.signature()).assertSucceeded().out())
        .contains("links", "refused", "leaves out", "more");
    assertThat(diff(old, old).assertSucceeded().out()).doesNotContain("leaves out");
  }

  // --- models of one file

  @Test
  void comparesAModelOfOneFile() throws IOException {
    Path file = workspace.write("one.bin", "content");
    workspace.signModel(file).assertSucceeded();

    json(0, workspace.signature(), file);
    workspace.write("one.bin", "other");
    assertThat(names(json(1, workspace.signature(), file).get("changed")))
        .containsExactly("one.bin");
  }

  /** What older signers call a model of one file is no file in a directory, whatever its name. */
  @Test
  void takesNoDirectoryForAModelOfOneFile() throws IOException {
    Path file = workspace.write("one/one.bin", "content");
    workspace.signModel(file).assertSucceeded();
    String bundle = Files.readString(workspace.signature());
    String payload = bundle.replaceFirst("(?s).*\"payload\":\\s*\"([^\"]*)\".*", "$1");
    String statement = new String(Base64.getDecoder().decode(payload), StandardCharsets.UTF_8);
    String older = statement.replaceAll("(\"name\":\\s*)\"one.bin\"", "$1\".\"");
    assertThat(older).isNotEqualTo(statement);
    byte[] content = older.getBytes(StandardCharsets.UTF_8);
    Path signature =
        workspace.write(
            "older.sig", bundle.replace(payload, Base64.getEncoder().encodeToString(content)));

    json(0, signature, file);
    refuses(diff(signature, file.getParent()), "a model that is one file", "is a directory");
    refuses(diff(file.getParent(), signature), "a model that is one file", "is a directory");
  }

  @Test
  void doesNotGuessWhatAFileIs() throws IOException {
    Path file = workspace.write("one.bin", "content");
    Path other = workspace.write("two.bin", "content");

    refuses(diff(file, other), file, "neither", "two.bin is no signature");
    refuses(diff(file, workspace.model()), file, "model is no signature");
    refuses(diff(old, file), file, "is one over 4 files");
    refuses(diff(file, old), file, "is one over 4 files");
    assertThat(json(2, file, old).get("reason").stringValue()).isEqualTo("NOT_COMPARABLE");
  }

  @Test
  void takesADamagedSignatureForNoModel() throws IOException {
    Path file = workspace.write("one.bin", "content");
    workspace.signModel(file).assertSucceeded();
    String whole = Files.readString(workspace.signature());
    Path damaged = workspace.write("damaged.sig", whole.substring(0, whole.length() - 9));

    refuses(diff(workspace.signature(), damaged), damaged + ": bundle");
    refuses(diff(damaged, workspace.signature()), damaged + ": bundle");
    refuses(diff(damaged, workspace.model()), damaged + ": bundle");
    assertThat(json(2, damaged, workspace.signature()).get("reason").stringValue())
        .isEqualTo("MALFORMED_BUNDLE");
  }

  // --- what keeps a comparison from being made

  @Test
  void namesAFileThatIsMissing() {
    Path missing = workspace.path("missing");

    refuses(diff(missing, old), missing + ": no such file or directory");
    refuses(diff(workspace.model(), missing), missing + ": no such file or directory");
    assertThat(json(2, old, missing).get("reason").stringValue()).isEqualTo("IO_ERROR");
  }

  @ParameterizedTest
  @CsvSource({
    "--hash-algorithm=blake3, digests by sha256 cannot be compared with digests by blake3",
    "--shard-size=5, digests of whole files cannot be compared with digests of shards of 5 bytes"
  })
  void saysWhichDigestsCannotBeCompared(String option, String message) {
    workspace.sign(option).assertSucceeded();

    refuses(diff(old, workspace.signature()), old, workspace.signature(), message);
    assertThat(json(2, old, workspace.signature()).get("reason").stringValue())
        .isEqualTo("NOT_COMPARABLE");
  }

  @Test
  void refusesASignatureOverSomethingElse() throws IOException {
    Path other =
        VectorSet.all().stream()
            .filter(vector -> vector.name().startsWith("forged-name-parent"))
            .map(vector -> VectorSet.root().resolve(vector.bundle()))
            .findFirst()
            .orElseThrow();

    refuses(diff(other, old), other + ": payload");
    assertThat(json(2, old, other).get("reason").stringValue()).isEqualTo("MALFORMED_BUNDLE");
  }

  @Test
  void namesWhatCannotBeReadInAModel() throws Exception {
    workspace.fifo("model/pipe");

    refuses(diff(old, workspace.model()), workspace.model().resolve("pipe") + ": ");
  }

  @Test
  void namesADirectoryThatCannotBeRead() throws IOException {
    Path closed = workspace.model().resolve("weights");
    workspace.forbid(closed);

    refuses(diff(old, workspace.model()), closed, "cannot be read");
  }

  @Test
  void refusesAModelWithoutFiles() throws IOException {
    Path empty = Files.createDirectory(workspace.path("empty"));

    refuses(diff(old, empty), empty + ": the model has no files");
  }

  // --- with the options of a method

  @Test
  void verifiesSignaturesFirst() throws IOException {
    change();
    workspace.sign().assertSucceeded();

    Invocation both = diff(old, workspace.signature(), "--public-key", workspace.publicKey());
    assertThat(both.status()).isEqualTo(1);
    assertThat(both.out())
        .startsWith("Both signatures verified\nDifferent: 1 added")
        .contains("    signed by  key ")
        .doesNotContain("claims");
    assertThat(diff(old, workspace.model(), "--public-key", workspace.publicKey()).out())
        .startsWith("Signature verified\nDifferent: 1 added");
    JsonNode json = json(1, old, workspace.signature(), "--public-key", workspace.publicKey());
    assertThat(json.get("verified").booleanValue()).isTrue();
    assertThat(json.get("before").get("signer").get("method").stringValue()).isEqualTo("KEY");
    assertOneOfEach(json);
  }

  @Test
  void comparesNothingIfASignatureIsNotToBeTrusted() throws IOException {
    Path model = workspace.model();
    Workspace other = Workspace.in(Files.createDirectory(workspace.path("other")));

    refuses(diff(old, model, "--public-key", other.publicKey()), old + ": ");
    refuses(diff(model, old, "--public-key", other.publicKey()), old + ": ");
    JsonNode json = json(2, old, model, "--public-key", other.publicKey());
    assertThat(json.get("reason").stringValue()).isEqualTo("WRONG_KEY");
    refuses(diff(old, model, "--public-key", workspace.path("missing.pub")), "missing.pub");
    refuses(diff(old, model, "--public-key", model), "directory");
  }

  @Test
  void comparesNothingIfOneOfTwoSignaturesIsForged() throws IOException {
    String text = Files.readString(old);
    Path forged =
        workspace.write(
            "forged.sig", text.replaceAll("(\"sig\":\"[^\"]{40})[^\"]{8}", "$1AAAAAAAA"));
    assertThat(Files.readString(forged)).isNotEqualTo(text);

    json(0, old, forged);
    refuses(diff(old, forged, "--public-key", workspace.publicKey()), forged + ": ");
    refuses(diff(forged, old, "--public-key", workspace.publicKey()), forged + ": ");
  }

  /** Bundles of all methods, with the options that verify them: same as their models. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "key/p256",
        "key/shards-blake3",
        "key/time-stamp",
        "key/odd-names",
        "key/order-by-components",
        "certificate/chain",
        "certificate/pin-e-mail",
        "certificate/stamp-good",
        "sigstore/rekor-1",
        "sigstore/identity-workflow"
      })
  void verifiesByTheMethodOfItsOptions(String name) throws IOException {
    Vector vector =
        VectorSet.all().stream()
            .filter(each -> (each.method() + "/" + each.name()).equals(name))
            .findFirst()
            .orElseThrow();
    List<Object> options = new ArrayList<>();
    for (String option : vector.options().keySet()) {
      for (String value : vector.values(option)) {
        boolean file = Vector.FILE_OPTIONS.contains(option);
        options.addAll(List.of("--" + option, file ? VectorSet.root().resolve(value) : value));
      }
    }
    Path bundle = VectorSet.root().resolve(vector.bundle());
    Path model = VectorSet.model(vector, directory);

    JsonNode json = json(0, bundle, model, options.toArray());

    assertThat(json.get("verified").booleanValue()).isTrue();
    assertThat(json(0, model, bundle, options.toArray()).get("after").has("signer")).isTrue();
    assertThat(json(0, bundle, model).get("before").has("claimedSigner")).isTrue();
  }

  // --- wrong usage

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--public-key=KEY --certificate-identity=a@b.example",
        "--public-key=KEY --identity=a --identity-provider=https://b.example",
        "--certificate-identity=a@b.example --offline",
        "--certificate-identity=a@b.example --identity-provider=https://b.example",
        "--identity=a@b.example",
        "--offline",
        "--identity-provider=https://b.example",
        "--tsa-certificate-chain=KEY",
        "--tsa-certificate-chain=KEY --identity=a --identity-provider=https://b.example",
        "--ca-file=KEY",
        "--ca-file=KEY --public-key=KEY",
        "--module-path=KEY",
        "--revocation-soft-fail",
        "--hash-algorithm=sha256",
        "--shard-size=3",
        "--allow-symlinks",
        "--jobs=0",
        "--ignore-paths=/absolute",
        "--ignore-paths=../up",
        "--ignore-paths=*",
        "--identity-provider"
      })
  void refusesOptionsThatDoNotFit(String options) {
    Object[] more = options.replace("KEY", workspace.publicKey().toString()).split(" ");

    assertThat(json(2, old, workspace.model(), more).get("reason").stringValue())
        .isEqualTo("WRONG_USAGE");
    diff(old, workspace.model(), more).assertUsage();
  }

  @Test
  void refusesOptionsForWhatIsNotThere() {
    diff(workspace.model(), workspace.model(), "--public-key", workspace.publicKey())
        .assertUsage("nothing to verify");
    diff(old, old, "--ignore-paths=x").assertUsage("--ignore-paths");
    diff(old, old, "--no-ignore-git-paths").assertUsage("--ignore-git-paths");
    diff(workspace.model(), workspace.model(), "--shard-size=0").assertUsage("--shard-size");
    Invocation.of("diff", old).assertUsage("'B'");
    diff(old, old, old).assertUsage();
  }

  // --- output

  @Test
  void printsNothingWhenQuietButFailures() throws IOException {
    assertThat(diff(old, workspace.model(), "--quiet").assertSucceeded().out()).isEmpty();
    change();
    Invocation diff = diff(old, workspace.model(), "-q");
    assertThat(diff.status()).isEqualTo(1);
    assertThat(diff.out() + diff.err()).isEmpty();
    json(1, old, workspace.model(), "-q");
    refuses(diff(old, "missing", "-q"), "missing");
  }

  @Test
  void cutsLongListsForPeopleAndNotForPrograms() throws IOException {
    for (int i = 10; i < 60; i++) {
      workspace.write("model/many/" + i, "" + i);
    }

    assertThat(diff(old, workspace.model()).out())
        .contains(
            "  added (50):\n    many/10\n", "    many/29\n    ... and 30 more; --all shows them\n")
        .doesNotContain("many/30");
    assertThat(diff(old, workspace.model(), "--all").out()).contains("many/59\n");
    assertThat(json(1, old, workspace.model()).get("added")).hasSize(50);
  }

  @Test
  void showsHostileNamesAsEscapesInTextAndWholeInJson() throws IOException {
    List<String> names =
        List.of(
            "\u001b[31mred",
            "\u202egnp.exe",
            "<script>alert(1)<",
            "100% a b",
            "..x",
            "a\n  removed (9):",
            "x -> y");
    for (String name : names) {
      workspace.write("model/" + name, name);
    }

    Invocation diff = diff(old, workspace.model());

    assertThat(diff.out())
        .contains(
            "    \\u001b[31mred\n",
            "    \\u202egnp.exe\n",
            "    <script>alert(1)<\n",
            "    100% a b\n",
            "    ..x\n",
            "    a\\u000a  removed (9):\n")
        .doesNotContain("\n  removed")
        .matches("(?s)[\\P{Cntrl}\\n]*");
    assertThat(names(json(1, old, workspace.model()).get("added")))
        .containsExactlyInAnyOrderElementsOf(names);
    Path evil = workspace.path("\u001b[2Jm\n.sig");
    Files.copy(old, evil);
    assertThat(diff(evil, workspace.model()).out()).contains("\\u001b[2Jm\\u000a.sig (signature");
    Invocation missing = diff(workspace.path("\u001b[2J\u202e"), old);
    assertThat(missing.err()).matches("(?s)[\\P{Cntrl}\\n]*").contains("\\u001b[2J\\u202e");
  }

  @Test
  void refusesReportsWithAnyFieldMisspelt() throws IOException {
    change();
    JsonNode json = json(1, old, workspace.model());

    assertThat(ReportSchema.DIFF.allows(json)).isTrue();
    for (String changed :
        List.of(
            json.toString().replace("\"same\":false", "\"same\":true"),
            json.toString().replace("\"same\":false,", ""),
            json.toString().replace("\"verified\":false", "\"verified\":true"),
            json.toString().replace("\"claimedSigner\"", "\"signer\""),
            json.toString().replace("\"moved\"", "\"renamed\""),
            json.toString().replace("\"kind\":\"MODEL\"", "\"kind\":\"DIRECTORY\""),
            json.toString().replace("\"from\"", "\"source\""))) {
      assertThat(changed).isNotEqualTo(json.toString());
      assertThat(ReportSchema.DIFF.allows(ReportSchema.parse(changed))).as(changed).isFalse();
    }
  }
}
