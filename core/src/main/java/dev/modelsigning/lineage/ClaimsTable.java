package dev.modelsigning.lineage;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.lineage.UnverifiedClaim.Content;
import dev.modelsigning.predicate.PredicateType;
import dev.modelsigning.report.Amounts;
import dev.modelsigning.statement.AttestedStatement;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Writes the claims of a file as a table, one line for each. */
final class ClaimsTable {

  private static final int MAX_CELL = 44;
  private static final int DIGEST_DIGITS = 12;
  private static final List<String> TITLES = List.of("line", "type", "signer", "time", "subject");

  private ClaimsTable() {}

  static void write(ClaimsInspection inspection, int most, Consumer<String> lines) {
    List<UnverifiedClaim> claims = inspection.claims();
    lines.accept(
        "  "
            + inspection.location()
            + ": "
            + (claims.isEmpty()
                ? "no claims"
                : Amounts.of(claims.size(), "claim")
                    + (claims.size() == 1 ? ", not verified" : ", none of them verified")));
    if (claims.isEmpty()) {
      return;
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(TITLES);
    claims.stream().limit(most).forEach(claim -> rows.add(row(claim)));
    int[] widths = new int[TITLES.size()];
    for (List<String> row : rows) {
      for (int i = 0; i < row.size() - 1; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    rows.forEach(row -> lines.accept(line(row, widths)));
    if (claims.size() > most) {
      lines.accept("  ... and " + (claims.size() - most) + " more; --all shows them");
    }
  }

  private static List<String> row(UnverifiedClaim claim) {
    String number = Long.toString(claim.line());
    if (claim.content().isEmpty()) {
      return List.of(number, "cannot be read: " + claim.problem().orElse(""));
    }
    Content content = claim.content().get();
    return List.of(
        number,
        type(content),
        cell(signer(content)),
        content.time().map(time -> time.truncatedTo(ChronoUnit.SECONDS).toString()).orElse("none"),
        subject(content));
  }

  private static String cell(String text) {
    return Printable.brief(text, MAX_CELL);
  }

  /** The type: its short name if it has one; and what is unusual about the statement. */
  private static String type(Content content) {
    String name =
        PredicateType.names().stream()
            .filter(one -> PredicateType.of(one).includes(content.predicateType()))
            .findFirst()
            .orElse(content.predicateType());
    return cell(name)
        + (content.form().equals(AttestedStatement.V01) ? " (v0.1)" : "")
        + (content.hasPredicate() ? "" : " (no predicate)");
  }

  private static String signer(Content content) {
    String text = content.signer().describe();
    return content.signer().signer().isEmpty() ? shortened(text) : text;
  }

  /** A key's fingerprint is too long for a table, and enough of it is shown to tell keys apart. */
  private static String shortened(String text) {
    int digest = text.lastIndexOf(' ') + 1;
    return text.length() - digest > DIGEST_DIGITS + 4
        ? text.substring(0, digest + DIGEST_DIGITS) + "..."
        : text;
  }

  private static String subject(Content content) {
    int number = content.subjectCount();
    if (number != 1) {
      return Amounts.of(number, "subject");
    }
    var subject = content.subjects().get(0);
    String digest = subject.digests().get("sha256");
    return cell(subject.name().isEmpty() ? "not named" : subject.name())
        + (digest == null ? "" : " sha256:" + shortDigest(digest));
  }

  static String shortDigest(String digest) {
    return digest.length() <= DIGEST_DIGITS
        ? digest
        : digest.substring(0, DIGEST_DIGITS).toLowerCase(Locale.ROOT) + "...";
  }

  private static String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder(" ");
    for (int i = 0; i < row.size(); i++) {
      line.append(' ');
      String cell = row.get(i);
      boolean last = i == row.size() - 1;
      if (i == 0) {
        line.append(" ".repeat(Math.max(0, widths[0] - cell.length()))).append(cell).append(' ');
      } else {
        line.append(cell);
        if (!last) {
          line.append(" ".repeat(Math.max(0, widths[i] - cell.length()) + 1));
        }
      }
    }
    return line.toString();
  }
}
