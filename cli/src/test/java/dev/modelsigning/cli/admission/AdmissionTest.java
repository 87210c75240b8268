package dev.modelsigning.cli.admission;

import static dev.modelsigning.cli.admission.Reviews.DIGEST;
import static dev.modelsigning.cli.admission.Reviews.NO_OBJECT;
import static dev.modelsigning.cli.admission.Reviews.annotated;
import static dev.modelsigning.cli.admission.Reviews.pod;
import static dev.modelsigning.cli.admission.Reviews.review;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.admission.Judgement.Kind;
import dev.modelsigning.oci.reference.OciReference;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class AdmissionTest {

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String GOOD = "r.example/good@" + DIGEST;
  private static final String BAD = "r.example/bad@" + DIGEST;
  private static final String DOWN = "r.example/down@" + DIGEST;
  private static final String WARNED = "r.example/warned@" + DIGEST;

  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());

  private final Verdicts verdicts =
      new Verdicts(
          new Judge() {
            @Override
            public String version() {
              return "1";
            }

            @Override
            public Judgement judge(OciReference model, Duration limit) {
              asked.add(model.toString());
              return switch (model.repository()) {
                case "good" -> Judgement.of(Kind.VERIFIED, "");
                case "warned" -> Judgement.of(Kind.WARNED, "the rule only warns");
                case "bad" -> Judgement.of(Kind.REFUSED, "nobody signed it (next: sign it)");
                default -> Judgement.of(Kind.UNKNOWN, "connection refused");
              };
            }
          },
          new Verdicts.Limits(100, Duration.ofMinutes(1), Duration.ofMinutes(1), LIMIT, 2, 10),
          failure -> {
            throw new AssertionError(failure);
          });

  private final Admission admission = new Admission(Registries.of(List.of("r.example")), verdicts);

  @AfterEach
  void end() {
    verdicts.close();
  }

  private Answer decide(Review review) {
    return admission.decide(review, LIMIT).join();
  }

  private Answer decide(String operation, String resource, String subresource, String pod)
      throws Exception {
    return decide(Reviews.read(review(operation, resource, subresource, pod, NO_OBJECT)));
  }

  @Test
  void admitsAPodWhoseModelsAreVerified() throws Exception {
    Answer answer = decide(Reviews.created(pod(GOOD)));

    assertThat(answer)
        .isEqualTo(
            new Answer(
                true,
                200,
                "all models are verified",
                List.of(),
                Map.of("oci://" + GOOD, Kind.VERIFIED)));
  }

  @Test
  void admitsAPodWithoutModels() throws Exception {
    assertThat(decide(Reviews.created(annotated(""))))
        .isEqualTo(new Answer(true, 200, "it names no model", List.of(), Map.of()));
  }

  @Test
  void saysWhichModelIsRefusedAndWhere() throws Exception {
    Answer answer = decide(Reviews.created(pod(BAD)));

    assertThat(answer.allowed()).isFalse();
    assertThat(answer.code()).isEqualTo(403);
    assertThat(answer.message())
        .isEqualTo(
            "the volume 'm' of the container 'server': "
                + BAD
                + ": nobody signed it (next: sign it)");
  }

  @Test
  void saysThatARefusalMayPassIfNothingIsKnown() throws Exception {
    Answer answer = decide(Reviews.created(pod(DOWN)));

    assertThat(answer.code()).isEqualTo(503);
    assertThat(answer.message()).endsWith(DOWN + ": connection refused");
  }

  @Test
  void warnsOfAModelOfWhichThePolicyWarns() throws Exception {
    Answer answer = decide(Reviews.created(pod(WARNED)));

    assertThat(answer.allowed()).isTrue();
    assertThat(answer.warnings())
        .containsExactly("not verified: " + WARNED + ": the rule only warns");
  }

  @Test
  void namesAllModelsThatAreRefused() throws Exception {
    Answer answer =
        decide(Reviews.created(annotated(String.join(",", GOOD, BAD, WARNED, DOWN, BAD))));

    assertThat(answer.code()).isEqualTo(403);
    assertThat(answer.message())
        .isEqualTo(
            "2 models are not admitted; 1) the annotation model-signing.dev/models, the annotation"
                + " model-signing.dev/models: "
                + BAD
                + ": nobody signed it (next: sign it); 2) the annotation model-signing.dev/models: "
                + DOWN
                + ": connection refused");
    assertThat(answer.models()).hasSize(4);
    assertThat(asked).hasSize(4);
  }

  /** Who creates pods must not have requests sent to where they like. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "elsewhere.example/good@",
        "r.example:8080/good@",
        "169.254.169.254/good@",
        "localhost/good@"
      })
  void asksNoRegistryThatIsNotListed(String name) throws Exception {
    Answer answer = decide(Reviews.created(annotated(GOOD + "," + name + DIGEST)));

    assertThat(answer.allowed()).isFalse();
    assertThat(answer.message())
        .contains("it is in none of the registries that may be asked (r.example)");
    // Nor any other, as that would change nothing.
    assertThat(asked).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "r.example/good:1 | it is named by the tag 1",
        "r.example/good:1@sha512:aa | digests of sha512 are not supported",
        "good@sha256:aa | it names no registry",
        "anna:s3cret@r.example/good:1 | a reference has no user and no password"
      })
  void deniesWhatIsNotNamedByADigestInARegistry(String name, String why) throws Exception {
    Answer answer = decide(Reviews.created(annotated(name)));

    assertThat(answer.allowed()).isFalse();
    assertThat(answer.message()).contains(why).doesNotContain("s3cret");
    assertThat(asked).isEmpty();
  }

  @Test
  void deniesMoreModelsThanItLooksAt() throws Exception {
    Answer answer = decide(Reviews.created(annotated((GOOD + ",").repeat(65))));

    assertThat(answer.allowed()).isFalse();
    assertThat(answer.message()).isEqualTo("a pod names at most 64 models here, found 65");
  }

  @ParameterizedTest
  @CsvSource({
    "deployments, ''",
    "pods, exec",
    "pods, status",
    "pods, binding",
    "replicasets, status"
  })
  void deniesWhatItDoesNotLookAt(String resource, String subresource) throws Exception {
    Answer answer = decide("CREATE", resource, subresource, "null");

    assertThat(answer.allowed()).isFalse();
    assertThat(answer.message())
        .startsWith("model-signing looks at pods only, and was asked about " + resource);
  }

  @Test
  void deniesOtherOperations() throws Exception {
    assertThat(decide("CONNECT", "pods", "", pod(GOOD)).message())
        .startsWith("model-signing does not know the operation 'CONNECT'");
    assertThat(decide("", "pods", "", pod(GOOD)).allowed()).isFalse();
    assertThat(decide("DELETE", "pods", "", "null").allowed()).isTrue();
  }

  @Test
  void deniesAReviewWithoutAPod() throws Exception {
    assertThat(decide("CREATE", "pods", "", "null").message()).contains("got none");
    assertThat(decide("UPDATE", "pods", "", "{\"kind\":\"Node\",\"apiVersion\":\"v1\"}").allowed())
        .isFalse();
  }

  @Test
  void looksAtAnUpdateForWhatItAdds() throws Exception {
    String labelled = pod(BAD).replace("\"annotations\":null", "\"labels\":{\"a\":\"b\"}");
    assertThat(decide(Reviews.updated(labelled, pod(BAD))).message())
        .isEqualTo("it names no model that it did not name before");
    assertThat(asked).isEmpty();

    assertThat(decide(Reviews.updated(pod(BAD), pod(GOOD))).allowed()).isFalse();
    assertThat(decide(Reviews.updated(annotated(BAD), pod(BAD))).allowed()).isFalse();
    assertThat(decide(Reviews.updated(annotated("x"), annotated("y"))).allowed()).isFalse();
    assertThat(decide(Reviews.updated(annotated("x"), annotated("x"))).allowed()).isTrue();
    assertThat(decide(Reviews.updated(pod(BAD), NO_OBJECT)).allowed()).isFalse();
  }

  /** Two problems with the same message need not be the same. */
  @Test
  void looksAtAnUpdateOfWhatCouldNotBeLookedAt() throws Exception {
    String many = annotated((BAD + ",").repeat(65));
    String others = annotated((GOOD + ",").repeat(65));
    assertThat(decide(Reviews.updated(many, many)).allowed()).isTrue();
    assertThat(decide(Reviews.updated(others, many)).message())
        .isEqualTo("a pod names at most 64 models here, found 65");
    assertThat(decide(Reviews.updated(others, many)).allowed()).isFalse();

    String text = annotated("x".repeat(70_000));
    String another = annotated("y".repeat(70_000));
    assertThat(decide(Reviews.updated(text, text)).allowed()).isTrue();
    assertThat(decide(Reviews.updated(another, text)).allowed()).isFalse();
    assertThat(decide(Reviews.updated(another, text)).message())
        .isEqualTo(
            "the annotation model-signing.dev/models has at most 65600 characters, found 70000");
    assertThat(asked).isEmpty();
  }

  /** What was too much before is looked at when it is less. */
  @Test
  void looksAtTheRestOfWhatWasTooMuch() throws Exception {
    String many = annotated((GOOD + ",").repeat(64) + WARNED);

    assertThat(decide(Reviews.updated(annotated(GOOD), many)).allowed()).isTrue();
    assertThat(asked).isEmpty();
    assertThat(decide(Reviews.updated(annotated(GOOD + "," + BAD), many)).allowed()).isFalse();
    assertThat(asked).containsExactly("oci://" + BAD);
  }

  /** The volume was there before; that a new container loads from it is new. */
  @Test
  void looksAtAContainerThatIsAddedForDebugging() throws Exception {
    String volume = "{\"name\":\"m\",\"image\":{\"reference\":\"" + BAD + "\"}}";
    String before = pod("\"containers\":[{\"name\":\"a\"}]", volume);
    String mounts =
        pod(
            "\"containers\":[{\"name\":\"a\"}],\"ephemeralContainers\":[{\"name\":\"debug\","
                + "\"volumeMounts\":[{\"name\":\"m\"}]}]",
            volume);
    String other =
        pod(
            "\"containers\":[{\"name\":\"a\"}],\"ephemeralContainers\":[{\"name\":\"debug\"}]",
            volume);

    Answer answer =
        decide(Reviews.read(review("UPDATE", "pods", "ephemeralcontainers", mounts, before)));
    assertThat(answer.allowed()).isFalse();
    assertThat(answer.message()).contains("the ephemeral container 'debug'");
    assertThat(
            decide(Reviews.read(review("UPDATE", "pods", "ephemeralcontainers", other, before)))
                .allowed())
        .isTrue();
  }

  /** An oldObject counts for updates only: whoever creates a pod had none. */
  @Test
  void takesNothingForEarlierThatIsCreated() throws Exception {
    assertThat(decide(Reviews.read(review("CREATE", "pods", "", pod(BAD), pod(BAD)))).allowed())
        .isFalse();
  }

  @Test
  void writesAnswersAsTheApiServerReadsThem() throws Exception {
    assertThat(json(decide(Reviews.created(pod(WARNED)))))
        .isEqualTo(
            "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\",\"response\":{"
                + "\"uid\":\"u\",\"allowed\":true,\"warnings\":[\"not verified: "
                + WARNED
                + ": the rule only warns\"],\"auditAnnotations\":{\"policy\":\"sha256:1\","
                + "\"models\":\"oci://"
                + WARNED
                + " warned\"}}}");
    assertThat(json(decide(Reviews.created(pod(DOWN)))))
        .contains(
            "\"allowed\":false,\"status\":{\"status\":\"Failure\",\"code\":503,"
                + "\"reason\":\"ServiceUnavailable\",\"message\":\"the volume 'm'");
  }

  private static String json(Answer answer) {
    return new String(answer.json("u", "sha256:1"), StandardCharsets.UTF_8);
  }

  @Test
  void boundsWhatItSays() {
    Answer answer =
        Answer.about(
            false, true, "x".repeat(100_000), List.of("\u001b" + "y".repeat(1000)), Map.of());

    assertThat(answer.message()).hasSizeLessThan(9_000);
    assertThat(answer.warnings().get(0)).hasSizeLessThan(300).startsWith("\\u001b");
  }
}
