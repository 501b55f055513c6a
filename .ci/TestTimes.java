import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Prints which test classes of a build took longest, from the reports of Surefire and
 * Failsafe below a directory.
 */
final class TestTimes {

	private static final int SHOWN = 10;

	private static final Pattern NAME = Pattern.compile("\\sname=\"(?:[^\"]*\\.)?([^\".]+)\"");

	private static final Pattern TIME = Pattern.compile("\\stime=\"([0-9.,]+)\"");

	private TestTimes() {
	}

	/**
	 * One test class.
	 *
	 * @param name its simple name
	 * @param module the directory of its module
	 * @param seconds how long it took
	 */
	private record TestClass(String name, String module, double seconds) {

	}

	/**
	 * Print the times.
	 * @param args the root of the build, and when the build started: reports of earlier
	 * builds are left out
	 */
	public static void main(String[] args) throws IOException {
		Path root = Path.of(args[0]).toAbsolutePath().normalize();
		Instant start = Instant.parse(args[1]);
		try (Stream<Path> files = Files.find(root, 5, (file, attributes) -> isReport(file)
				&& !attributes.lastModifiedTime().toInstant().isBefore(start))) {
			print(files.map((file) -> read(root, file)).toList());
		}
	}

	private static boolean isReport(Path file) {
		return file.getFileName().toString().matches("TEST-.*\\.xml")
				&& file.getParent().toString().matches(".*/target/(surefire|failsafe)-reports");
	}

	/**
	 * Read only the first element, since what the tests printed is in the file as well.
	 */
	private static TestClass read(Path root, Path file) {
		try (BufferedReader reader = Files.newBufferedReader(file)) {
			StringBuilder head = new StringBuilder();
			for (String line = reader.readLine(); line != null; line = reader.readLine()) {
				head.append(line).append(' ');
				if (line.contains(">") && !line.startsWith("<?")) {
					break;
				}
			}
			String module = root.relativize(file.getParent().getParent().getParent()).toString();
			return new TestClass(find(NAME, head), module, Double.parseDouble(find(TIME, head).replace(",", "")));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String find(Pattern pattern, CharSequence text) {
		Matcher matcher = pattern.matcher(text);
		if (!matcher.find()) {
			throw new IllegalStateException("No " + pattern + " in " + text);
		}
		return matcher.group(1);
	}

	private static void print(List<TestClass> classes) {
		if (classes.isEmpty()) {
			return;
		}
		double total = classes.stream().mapToDouble(TestClass::seconds).sum();
		System.out.printf("[INFO] %d test classes took %.0f s, some of them at the same time. The longest:%n",
				classes.size(), total);
		classes.stream()
			.sorted(Comparator.comparingDouble(TestClass::seconds).reversed())
			.limit(SHOWN)
			.forEach((each) -> System.out.printf("[INFO] %7.1f s  %s (%s)%n", each.seconds(), each.name(),
					each.module()));
	}

}
