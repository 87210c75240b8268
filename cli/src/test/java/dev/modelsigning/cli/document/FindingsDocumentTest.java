package dev.modelsigning.cli.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.attestation.AttestationRules;
import dev.modelsigning.cli.command.ProgramRules;
import dev.modelsigning.content.CardRules;
import dev.modelsigning.content.ContentRules;
import dev.modelsigning.finding.Rule;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.oci.OciRules;
import dev.modelsigning.pkcs11.Pkcs11Rules;
import dev.modelsigning.policy.PolicyRules;
import dev.modelsigning.s3.S3Rules;
import dev.modelsigning.signing.UnusableTrustException.Kind;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.sigstore.SigstoreRules;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code docs/findings.md} lists exactly the existing codes. */
class FindingsDocumentTest {

  private static final Path DOCUMENT =
      Path.of(System.getProperty("modelsigning.root", ".."), "docs/findings.md");

  private static Stream<Rule> rules() {
    return Stream.of(
            Rules.all(),
            AttestationRules.all(),
            SigstoreRules.all(),
            Pkcs11Rules.all(),
            ContentRules.all(),
            CardRules.all(),
            PolicyRules.all(),
            OciRules.all(),
            S3Rules.all(),
            ProgramRules.all(),
            Arrays.stream(Reason.values()).map(Reason::rule).toList(),
            Arrays.stream(Kind.values()).map(Kind::rule).toList())
        .flatMap(List::stream);
  }

  @Test
  void hasALineForEveryRuleAndReasonInTheirOrder() throws IOException {
    List<String> lines =
        Files.readAllLines(DOCUMENT).stream().filter(line -> line.startsWith("| `")).toList();
    assertThat(lines)
        .containsExactlyElementsOf(
            rules()
                .map(rule ->
                    "| `%s` | %s | %s | %s |"
                        .formatted(
                            rule.code(),
                            rule.severity().name().toLowerCase(Locale.ROOT),
                            rule.title(),
                            rule.help()))
                .toList());
  }

  @Test
  void noCodeIsThereTwice() {
    assertThat(rules().map(Rule::code)).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        Rules.class,
        AttestationRules.class,
        SigstoreRules.class,
        Pkcs11Rules.class,
        CardRules.class,
        ContentRules.class,
        PolicyRules.class,
        OciRules.class,
        S3Rules.class,
        ProgramRules.class
      })
  void everyConstantIsAmongAll(Class<?> type) throws ReflectiveOperationException {
    List<Object> constants = new ArrayList<>();
    for (Field field : type.getFields()) {
      assertThat(Modifier.isStatic(field.getModifiers())).isTrue();
      Rule rule = (Rule) field.get(null);
      assertThat(rule.code()).isEqualTo(field.getName());
      constants.add(rule);
    }
    assertThat(constants)
        .isNotEmpty()
        .containsExactlyInAnyOrderElementsOf((List<?>) type.getMethod("all").invoke(null));
  }
}
