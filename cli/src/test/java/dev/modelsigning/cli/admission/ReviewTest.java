package dev.modelsigning.cli.admission;

import static dev.modelsigning.cli.admission.Reviews.DIGEST;
import static dev.modelsigning.cli.admission.Reviews.NO_OBJECT;
import static dev.modelsigning.cli.admission.Reviews.annotated;
import static dev.modelsigning.cli.admission.Reviews.pod;
import static dev.modelsigning.cli.admission.Reviews.review;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReviewTest {

  private static List<NamedModel> models(String pod) throws Exception {
    return Reviews.created(pod).pod().orElseThrow().models();
  }

  private static void refuses(String review, String... words) {
    assertThatThrownBy(() -> Reviews.read(review))
        .isInstanceOf(MalformedReviewException.class)
        .hasMessageContainingAll(words);
  }

  @Test
  void readsWhatIsLookedAt() throws Exception {
    Review review = Reviews.created(pod("r.example/m@" + DIGEST));

    assertThat(review.uid()).isEqualTo("705ab4f5-6393-11e8-b7cc-42010a800002");
    assertThat(review.operation()).isEqualTo("CREATE");
    assertThat(review.resource()).isEqualTo("pods");
    assertThat(review.object()).isEqualTo("team-a/p");
    assertThat(review.isDryRun()).isFalse();
    assertThat(review.isAboutPod()).isTrue();
    assertThat(review.before()).isEmpty();
    assertThat(review.pod().orElseThrow().models())
        .containsExactly(
            new NamedModel("r.example/m@" + DIGEST, "the volume 'm' of the container 'server'"));
  }

  /** A volume may come before or after those who mount it. */
  @Test
  void namesTheContainersOfAllKinds() throws Exception {
    String containers =
        "\"ephemeralContainers\":[{\"name\":\"debug\",\"volumeMounts\":[{\"name\":\"b\"}]}],"
            + "\"volumes\":[{\"name\":\"a\",\"image\":{\"reference\":\"r.example/a:1\"}},"
            + "{\"name\":\"b\",\"image\":{\"reference\":\"r.example/b:1\",\"pullPolicy\":\"Always\"}},"
            + "{\"name\":\"c\",\"image\":{}},{\"name\":\"d\",\"emptyDir\":{}},"
            + "{\"name\":\"e\",\"image\":null}],"
            + "\"containers\":[{\"name\":\"one\",\"volumeMounts\":[{\"name\":\"a\"},{\"name\":\"d\"},"
            + "{\"name\":\"a\",\"subPath\":\"x\"}]},{\"name\":\"two\",\"volumeMounts\":null}]";
    String pod =
        "{\"spec\":{"
            + containers
            + ",\"initContainers\":[{\"volumeMounts\":[{\"name\":\"a\"}],\"name\":\"first\"}]},"
            + "\"apiVersion\":\"v1\",\"kind\":\"Pod\"}";

    assertThat(models(pod))
        .containsExactly(
            new NamedModel(
                "r.example/a:1",
                "the volume 'a' of the container 'one', the init container 'first'"),
            new NamedModel("r.example/b:1", "the volume 'b' of the ephemeral container 'debug'"),
            new NamedModel("", "the volume 'c'"));
  }

  @Test
  void readsTheListOfTheAnnotation() throws Exception {
    assertThat(models(annotated(" oci://r.example/a:1,r.example/b:1 ,\\n\\tr.example/c:1,, ")))
        .extracting(NamedModel::text)
        .containsExactly("oci://r.example/a:1", "r.example/b:1", "r.example/c:1");
    assertThat(models(annotated(" , "))).isEmpty();
  }

  @Test
  void boundsTheNumberOfModels() throws Exception {
    String many =
        IntStream.range(0, PodReader.MAX_MODELS + 1)
            .mapToObj(number -> "r.example/m" + number + ":1")
            .collect(Collectors.joining(","));

    PodModels read = Reviews.created(annotated(many)).pod().orElseThrow();

    assertThat(read.problems()).containsExactly("a pod names at most 64 models here, found 65");
    assertThat(models(annotated(many.substring(0, many.lastIndexOf(','))))).hasSize(64);
  }

  @Test
  void boundsTheLengthOfTheAnnotation() throws Exception {
    PodModels read = Reviews.created(annotated("x".repeat(70_000))).pod().orElseThrow();

    assertThat(read.problems())
        .containsExactly(
            "the annotation model-signing.dev/models has at most 65600 characters, found 70000");
  }

  @Test
  void escapesNamesInMessages() throws Exception {
    assertThat(
            models(
                pod(
                    "\"containers\":[{\"name\":\"\\u001b[2J\",\"volumeMounts\":[{\"name\":\"\\nm\"}]}]",
                    "{\"name\":\"\\nm\",\"image\":{\"reference\":\"x\"}}")))
        .extracting(NamedModel::place)
        .containsExactly("the volume '\\u000am' of the container '\\u001b[2J'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"kind\":\"Deployment\",\"apiVersion\":\"apps/v1\",\"spec\":{\"template\":{}}}",
        "{\"kind\":\"Pod\",\"apiVersion\":\"v2\"}",
        "{\"kind\":\"PodExecOptions\",\"apiVersion\":\"v1\"}",
        "{}",
        "null"
      })
  void takesNothingElseForAPod(String object) throws Exception {
    assertThat(Reviews.created(object).pod()).isEmpty();
  }

  @Test
  void namesResourcesOfOtherGroupsAndVersions() throws Exception {
    Review review =
        Reviews.read(
            review("CREATE", "pods", "", "null", NO_OBJECT)
                .replace(
                    "{\"group\":\"\",\"version\":\"v1\",\"resource\"",
                    "{\"group\":\"x.example\",\"version\":\"v2\",\"resource\""));

    assertThat(review.resource()).isEqualTo("pods.x.example of version v2");
    assertThat(review.isAboutPod()).isFalse();
    assertThat(Reviews.read(review("CREATE", "pods", "exec", "null", NO_OBJECT)).isAboutPod())
        .isFalse();
    assertThat(
            Reviews.read(review("UPDATE", "pods", "ephemeralcontainers", "null", NO_OBJECT))
                .isAboutPod())
        .isTrue();
  }

  @Test
  void refusesOtherVersions() {
    String review = review("CREATE", "pods", "", "null", NO_OBJECT);

    refuses(
        review.replace("admission.k8s.io/v1", "admission.k8s.io/v1beta1"),
        "expected an AdmissionReview of admission.k8s.io/v1",
        "'admission.k8s.io/v1beta1'",
        "admissionReviewVersions are [v1]");
    refuses(review.replace("\"AdmissionReview\"", "\"Review\""), "found 'Review'");
    refuses("{}", "expected an AdmissionReview");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "\\u0000"})
  void refusesAReviewWithoutUid(String uid) {
    refuses(
        review("CREATE", "pods", "", "null", NO_OBJECT)
            .replace("705ab4f5-6393-11e8-b7cc-42010a800002", uid),
        "request.uid: expected a uid");
  }

  @Test
  void refusesAReviewWithoutARequest() {
    refuses(
        "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\"}",
        "request.uid: expected a uid");
  }

  /** Two parsers could take one or the other. */
  @Test
  void refusesDoubledFields() {
    String review = review("CREATE", "pods", "", pod("r.example/m:1"), NO_OBJECT);

    refuses(review.replace("\"dryRun\":", "\"object\":null,\"dryRun\":"), "object");
    refuses(review.replace("\"image\":{", "\"image\":{\"reference\":\"good\","), "reference");
    refuses(review.replace("\"volumes\":[", "\"volumes\":[],\"volumes\":["), "volumes");
  }

  @Test
  void refusesTwoVolumesOfOneName() {
    refuses(
        review(
            "CREATE",
            "pods",
            "",
            pod(
                "\"containers\":[]",
                "{\"name\":\"m\",\"image\":{\"reference\":\"a\"}},"
                    + "{\"name\":\"m\",\"image\":{\"reference\":\"b\"}}"),
            NO_OBJECT),
        "two volumes have the name 'm'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"spec\":1}",
        "{\"spec\":{\"volumes\":{}}}",
        "{\"spec\":{\"volumes\":[1]}}",
        "{\"spec\":{\"volumes\":[{\"image\":\"x\"}]}}",
        "{\"spec\":{\"volumes\":[{\"image\":{\"reference\":1}}]}}",
        "{\"spec\":{\"containers\":[{\"volumeMounts\":1}]}}",
        "{\"metadata\":{\"annotations\":{\"model-signing.dev/models\":1}}}",
        "[]",
        "\"Pod\""
      })
  void refusesWhatIsOfAnotherType(String object) {
    refuses(review("CREATE", "pods", "", object, NO_OBJECT), "request.object", "expected");
    refuses(review("UPDATE", "pods", "", "null", object), "request.oldObject", "expected");
  }

  @Test
  void refusesWhatIsNoJson() {
    refuses("", "is empty");
    refuses("{\"kind\":", "the review");
    refuses(review("CREATE", "pods", "", "null", NO_OBJECT) + "{}", "nothing may follow");
  }
}
