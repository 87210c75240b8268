package dev.modelsigning.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.ModelVerifier;
import dev.modelsigning.facts.CardEntry;
import dev.modelsigning.facts.CardEntry.Field;
import dev.modelsigning.facts.FileFacts;
import dev.modelsigning.facts.FileInspection;
import dev.modelsigning.facts.FileParts;
import dev.modelsigning.facts.RunnableContent;
import dev.modelsigning.facts.RunnableContent.Kind;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.signing.OtherIdentity;
import dev.modelsigning.signing.PayloadEncoding;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.signing.VerificationTime;
import dev.modelsigning.signing.VerificationTime.Source;
import dev.modelsigning.signing.VerifiedPayload;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** A verdict as an HTML page: its content, and that untrusted text cannot become markup. */
class HtmlReportTest {

  private static final Instant TIME = Instant.parse("2026-11-26T05:00:00Z");

  /** All that a page is made of. */
  private static final Set<String> ELEMENTS =
      Set.of(
          "html", "head", "meta", "title", "style", "body", "header", "main", "section", "footer",
          "h1", "h2", "p", "strong", "span", "bdi", "time", "dl", "dt", "dd", "ol", "ul", "li",
          "table", "caption", "thead", "tbody", "tr", "th", "td", "div", "details", "summary");

  private static final Set<String> ATTRIBUTES =
      Set.of(
          "lang",
          "charset",
          "http-equiv",
          "content",
          "name",
          "class",
          "id",
          "aria-labelledby",
          "role",
          "scope",
          "data-label",
          "datetime",
          "open");

  @TempDir private Path directory;

  private SignedExample example;

  @BeforeEach
  void sign() throws Exception {
    example = SignedExample.in(directory);
  }

  private static String text(Verdict verdict) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    HtmlReport.write(verdict, TIME, out);
    return out.toString(StandardCharsets.UTF_8);
  }

  /** The page, read as strictly as XML is, which has nothing but what a page is made of. */
  private static Document page(Verdict verdict) throws Exception {
    String text = text(verdict);
    assertThat(text).startsWith("<!DOCTYPE html>\n<html lang=\"en\">");
    Document page =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    Set<String> elements = new TreeSet<>();
    Set<String> attributes = new TreeSet<>();
    NodeList all = page.getElementsByTagName("*");
    for (int i = 0; i < all.getLength(); i++) {
      Element element = (Element) all.item(i);
      elements.add(element.getTagName());
      for (int a = 0; a < element.getAttributes().getLength(); a++) {
        attributes.add(element.getAttributes().item(a).getNodeName());
      }
    }
    assertThat(ELEMENTS).containsAll(elements);
    assertThat(ATTRIBUTES).containsAll(attributes);
    // What cannot be seen, but for the ends of our lines.
    assertThat(page.getDocumentElement().getTextContent())
        .doesNotContainPattern("[\\p{Cntrl}&&[^\\n]]|\\p{Cf}|[\u2028\u2029]");
    return page;
  }

  private static Element only(Document page, String element) {
    assertThat(page.getElementsByTagName(element).getLength()).isEqualTo(1);
    return (Element) page.getElementsByTagName(element).item(0);
  }

  private static List<String> texts(Document page, String element) {
    NodeList all = page.getElementsByTagName(element);
    return IntStream.range(0, all.getLength()).mapToObj(i -> all.item(i).getTextContent()).toList();
  }

  /** Its policy allows the sheet that it has, and nothing else: no script, no image, no address. */
  @Test
  void loadsNothing() throws Exception {
    Document page = page(example.verdict());

    String sheet = only(page, "style").getTextContent();
    String digest =
        Base64.getEncoder()
            .encodeToString(
                MessageDigest.getInstance("SHA-256")
                    .digest(sheet.getBytes(StandardCharsets.UTF_8)));
    assertThat(sheet).contains("prefers-color-scheme: dark").doesNotContain("url(", "@import");
    List<String> policies = new ArrayList<>();
    NodeList metas = page.getElementsByTagName("meta");
    for (int i = 0; i < metas.getLength(); i++) {
      Element meta = (Element) metas.item(i);
      if (meta.getAttribute("http-equiv").equals("Content-Security-Policy")) {
        policies.add(meta.getAttribute("content"));
      }
    }
    assertThat(policies)
        .containsExactly(
            "default-src 'none'; style-src 'sha256-"
                + digest
                + "'; base-uri 'none'; form-action 'none'");
    // The policy stands before all that it is about.
    assertThat(text(example.verdict()).indexOf("Content-Security-Policy"))
        .isLessThan(text(example.verdict()).indexOf("<style>"));
  }

  @Test
  void saysWhoSignedWhat() throws Exception {
    Files.writeString(example.model().resolve(".gitignore"), "x");
    Verdict verdict = example.verdict();

    Document page = page(verdict);

    assertThat(only(page, "h1").getTextContent()).isEqualTo("Verified");
    assertThat(only(page, "title").getTextContent()).isEqualTo("Verified: " + example.model());
    assertThat(only(page, "header").getAttribute("class")).isEqualTo("verdict verified");
    assertThat(texts(page, "bdi"))
        .contains(
            verdict.signer().orElseThrow().name(),
            "sha256:" + verdict.signature().orElseThrow().sha256(),
            verdict.manifest().orElseThrow().rootDigest().toString(),
            "a",
            "sub/",
            "b",
            ".gitignore");
    assertThat(texts(page, "summary"))
        .containsExactly(example.model() + " 2 files, 9 bytes", "sub/ 1 file, 4 bytes");
    assertThat(texts(page, "td")).contains("git path, ignored by default");
    assertThat(texts(page, "time")).contains("2026-11-26T05:00:00Z");
  }

  @Test
  void saysWhatDiffersAndWhatToDo() throws Exception {
    Files.writeString(example.model().resolve("a"), "other");
    Files.delete(example.model().resolve("sub/b"));
    Files.writeString(example.model().resolve("sub/more"), "x");
    Verdict verdict = example.verdict();

    Document page = page(verdict);

    assertThat(only(page, "h1").getTextContent()).isEqualTo("Not verified");
    assertThat(only(page, "header").getAttribute("class")).isEqualTo("verdict refused");
    assertThat(only(page, "header").getTextContent())
        .contains("MODEL_MISMATCH", verdict.advice().orElseThrow(), "Nothing that was signed");
    assertThat(texts(page, "caption")).contains("1 changed, 1 missing, 1 not signed");
    assertThat(texts(page, "summary"))
        .containsExactly(
            example.model() + " 3 files, 5 bytes 3 differences",
            "sub/ 2 files, 0 bytes 2 differences");
    NodeList details = page.getElementsByTagName("details");
    assertThat(((Element) details.item(1)).hasAttribute("open")).isTrue();
    assertThat(texts(page, "li")).contains("a 5 bytes changed", "b missing", "more not signed");
  }

  /** Wherever a name is shown, it is text and no more. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "<script>alert(1)<",
        "\"'><img src=x onerror=alert(1)>",
        "&lt;b&gt; &amp;",
        "]]><!--",
        "--></style><title>",
        "100%25 {0} ${x}",
        "\u202egnp.exe",
        "line\nfeed\ttab\u001b[31m",
        "nul\ufeff\u2028end",
        "..  .. "
      })
  void showsHostileNamesAsText(String name) throws Exception {
    String file = name.replace('/', '\u2215');
    Files.writeString(example.model().resolve(file), "x");
    Path directoryName = Files.createDirectory(example.model().resolve("d" + file));
    Files.writeString(directoryName.resolve(file), "x");

    Document page = page(example.verdict());

    String shown = dev.modelsigning.internal.json.Printable.escape(file);
    assertThat(texts(page, "bdi")).contains(shown, "d" + shown + "/", "d" + shown + "/" + shown);
  }

  /** Names of other kinds come from the signer or the Time Stamping Authority. */
  @Test
  void showsHostileSignersAsText() throws Exception {
    String hostile = "</bdi><script src='http://evil.example'>\u202e";
    OtherIdentity identity = new OtherIdentity("acme", hostile, Map.of("hardware", hostile));
    Verdict verdict =
        Verdict.of(
            ModelVerifier.using(bundle ->
                    VerifiedPayload.assertion(
                        bundle.envelope().payload(),
                        PayloadEncoding.PAE,
                        identity,
                        List.of(
                            new VerificationTime(
                                Instant.parse("2025-01-01T00:00:00Z"), Source.TIMESTAMP, hostile)),
                        List.of(Finding.of(Rules.ANY_SIGNER, hostile).withFile(hostile))))
                .examine(DirectorySource.of(example.model()), example.signature()));

    Document page = page(verdict);

    String shown = "</bdi><script src='http://evil.example'>\\u202e";
    assertThat(texts(page, "bdi").stream().filter(shown::equals)).hasSize(4);
    assertThat(texts(page, "li"))
        .contains("2025-01-01T00:00:00Zthe signature was stamped, by " + shown);
  }

  @Test
  void showsWhatWasFoundInFilesAsText() throws Exception {
    String hostile = "</bdi><script>\u202e";
    FileFacts found =
        new FileFacts(
            List.of(
                new RunnableContent(
                    hostile, Optional.of(hostile), Kind.PICKLE, List.of(hostile), 3, true)),
            List.of(new CardEntry(Field.LICENSE, List.of(hostile), hostile)),
            List.of());
    FileInspection inspection =
        new FileInspection() {
          @Override
          public boolean accept(ByteBuffer block) {
            return false;
          }

          @Override
          public FileFacts end(Optional<FileParts> parts) {
            return found;
          }
        };
    ModelVerifier verifier =
        ModelVerifier.builder(example.verifier())
            .inspector((name, size, start) -> Optional.of(inspection))
            .build();
    Verdict verdict =
        Verdict.of(verifier.examine(DirectorySource.of(example.model()), example.signature()));

    Document page = page(verdict);

    String shown = "</bdi><script>\\u202e";
    assertThat(texts(page, "bdi")).contains(shown, shown + " and 3 more");
    assertThat(texts(page, "td")).contains("Python pickle");
    assertThat(only(page, "header").getTextContent()).contains("see what can run");
    assertThat(texts(page, "dd")).contains(shown + " (" + shown + ")");
    assertThat(texts(page, "h2"))
        .contains("What can run when it is loaded", "What the signer states about it");
  }

  @Test
  void isWrittenForEveryFailure() throws Exception {
    for (Reason reason : Reason.values()) {
      Document page =
          page(Verdict.failed("<m>", new VerificationException(reason, "it <b>was</b> so")));
      assertThat(only(page, "header").getTextContent())
          .contains(reason.rule().code() + ": it <b>was</b> so", "<m>");
    }
    page(Verdict.failed("", Finding.of(Rules.IO_ERROR, "")));
  }

  /** A report of a model with very many files is one that a browser can show. */
  @Test
  void isBoundedHoweverManyFilesDiffer() throws Exception {
    Path many = directory.resolve("many");
    for (int i = 0; i < 60; i++) {
      Path sub = Files.createDirectories(many.resolve("d" + i));
      for (int f = 0; f < 60; f++) {
        Files.createFile(sub.resolve("f" + f));
      }
    }
    SignedExample large = SignedExample.of(many, Files.createDirectory(directory.resolve("keys")));
    for (int i = 0; i < 60; i++) {
      for (int f = 0; f < 60; f++) {
        Files.writeString(many.resolve("d" + i + "/g" + f), "x");
      }
    }

    Document page = page(large.verdict());

    assertThat(texts(page, "tr").size()).isLessThan(410);
    assertThat(texts(page, "li").size()).isLessThan(2_600);
    assertThat(texts(page, "p")).contains("Not listed here: 3,200 more that are not signed.");
    assertThat(texts(page, "summary").get(0)).endsWith(" 7,200 files, 0 bytes 3,600 differences");
  }

  /** Untrusted text is shortened. */
  @Test
  void cutsWhatIsLong() throws Exception {
    String text =
        text(Verdict.failed("m".repeat(1_000_000), new IOException("x".repeat(9_999_999))));

    assertThat(text.length()).isLessThan(40_000);
  }

  @Test
  void isWrittenWholeOrNotAtAll() throws Exception {
    Path file = directory.resolve("report.html");
    HtmlReport.requireWritable(file);
    assertThat(file).doesNotExist();
    Files.writeString(file, "before");

    HtmlReport.write(example.verdict(), TIME, file);

    assertThat(Files.readString(file)).isEqualTo(text(example.verdict()));
    assertThatThrownBy(() -> HtmlReport.write(example.verdict(), TIME, directory))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("not a regular file");
    assertThatThrownBy(() -> HtmlReport.requireWritable(directory.resolve("no/report.html")))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("its directory does not exist");
  }
}
