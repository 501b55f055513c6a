package io.github.clusterboot;

import java.lang.annotation.Annotation;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.AbstractClassesTransformer;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.github.clusterboot.autoconfigure.ClusterProperties;
import io.github.clusterboot.master.ClusterMaster;
import io.github.clusterboot.master.EarlyHangUp;
import io.github.clusterboot.master.dispatch.ListenObserver;
import io.github.clusterboot.master.loop.MasterLog;
import io.github.clusterboot.master.loop.Steps;
import io.github.clusterboot.master.process.ProcessLauncher;
import io.github.clusterboot.master.process.WorkerCommand;
import io.github.clusterboot.master.process.WorkerLaunch;
import io.github.clusterboot.master.process.WorkerObserver;
import io.github.clusterboot.master.socket.ListenException;
import io.github.clusterboot.master.supervise.MasterSettings;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.util.concurrent.Ticker;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.NullMarked;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.Assert;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.all;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.constructors;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.members;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which package may use which.
 */
@AnalyzeClasses(packages = "io.github.clusterboot", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTests {

	private static final String ROOT = "io.github.clusterboot";

	private static final String OS = ROOT + ".os";

	private static final String IPC = ROOT + ".ipc";

	private static final String MASTER = ROOT + ".master";

	private static final String CONTROL = MASTER + ".control";

	private static final String SUPERVISE = MASTER + ".supervise";

	private static final String DISPATCH = MASTER + ".dispatch";

	private static final String SOCKET = MASTER + ".socket";

	private static final String PROCESS = MASTER + ".process";

	private static final String LOOP = MASTER + ".loop";

	private static final String ALL_OF_MASTER = MASTER + "..";

	private static final String WORKER = ROOT + ".worker";

	private static final String NETTY = ROOT + ".server.netty";

	private static final String TOMCAT = ROOT + ".server.tomcat";

	private static final String JETTY = ROOT + ".server.jetty";

	private static final String ACTUATE = ROOT + ".actuate";

	private static final String AUTOCONFIGURE = ROOT + ".autoconfigure";

	private static final String JVM = ROOT + ".jvm";

	private static final String ARCHIVE = ROOT + ".archive";

	private static final String LAUNCH = ROOT + ".launch";

	private static final String ENVIRONMENT = ROOT + ".environment";

	private static final String BOOTSTRAP = ROOT + ".bootstrap";

	/**
	 * For each package those of ours that it may use.
	 */
	private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(Map.entry(ROOT, Set.of()),
			Map.entry(OS, Set.of()), Map.entry(IPC, Set.of(ROOT, OS)),
			Map.entry(MASTER, Set.of(ROOT, IPC, OS, CONTROL, SUPERVISE, DISPATCH, SOCKET, PROCESS, LOOP)),
			Map.entry(CONTROL, Set.of(ROOT, IPC, OS, SUPERVISE, DISPATCH, SOCKET, LOOP)),
			Map.entry(SUPERVISE, Set.of(ROOT, IPC, OS, DISPATCH, PROCESS, LOOP)),
			Map.entry(DISPATCH, Set.of(ROOT, IPC, OS, SOCKET, LOOP)), Map.entry(SOCKET, Set.of(ROOT, OS)),
			Map.entry(PROCESS, Set.of(ROOT, IPC, LOOP)), Map.entry(LOOP, Set.of()),
			Map.entry(WORKER, Set.of(ROOT, IPC, OS)), Map.entry(TOMCAT, Set.of(ROOT, WORKER)),
			Map.entry(JETTY, Set.of(ROOT, WORKER)), Map.entry(NETTY, Set.of(ROOT, WORKER)),
			Map.entry(ACTUATE, Set.of(ROOT, WORKER)),
			Map.entry(AUTOCONFIGURE, Set.of(ROOT, WORKER, TOMCAT, JETTY, NETTY, ACTUATE)),
			Map.entry(ENVIRONMENT, Set.of(ROOT)), Map.entry(JVM, Set.of(OS)),
			Map.entry(ARCHIVE, Set.of(ROOT, OS, JVM, PROCESS, LOOP)),
			Map.entry(LAUNCH, Set.of(ROOT, OS, JVM, ENVIRONMENT, ARCHIVE, PROCESS, LOOP)),
			Map.entry(BOOTSTRAP, Set.of(ROOT, OS, JVM, ENVIRONMENT, LAUNCH, MASTER, SUPERVISE, DISPATCH, SOCKET,
					PROCESS, LOOP, WORKER, AUTOCONFIGURE)));

	/**
	 * What of the master others may use.
	 */
	private static final Class<?>[] DOORS_OF_MASTER = { ClusterMaster.class, EarlyHangUp.class, MasterSettings.class,
			ListenObserver.class, ListenException.class, WorkerCommand.class, WorkerLaunch.class, WorkerObserver.class,
			ProcessLauncher.class, MasterLog.class, Steps.class };

	@ArchTest
	static final ArchRule everyPackageIsInTheTable = classes().should()
		.resideInAnyPackage(MAY_USE.keySet().toArray(String[]::new));

	@ArchTest
	static final ArchRule packagesUseOnlyWhatTheTableAllows = classes().should(useOnlyWhatTheTableAllows());

	@ArchTest
	static final ArchRule masterAndWorkerDoNotKnowEachOther = noClasses().that()
		.resideInAnyPackage(ALL_OF_MASTER, JVM, ARCHIVE, LAUNCH)
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage(WORKER, ROOT + ".server..", ACTUATE, AUTOCONFIGURE);

	@ArchTest
	static final ArchRule workerAndMasterDoNotKnowEachOther = noClasses().that()
		.resideOutsideOfPackages(ALL_OF_MASTER, ARCHIVE, LAUNCH, BOOTSTRAP)
		.should()
		.dependOnClassesThat()
		.resideInAPackage(ALL_OF_MASTER);

	@ArchTest
	static final ArchRule theMasterIsEnteredThroughItsDoors = noClasses().that()
		.resideOutsideOfPackage(ALL_OF_MASTER)
		.should()
		.dependOnClassesThat(
				resideInAPackage(ALL_OF_MASTER).and(DescribedPredicate.not(belongToAnyOf(DOORS_OF_MASTER))));

	/**
	 * Each package of the master uses those below it only.
	 */
	@ArchTest
	static void theMasterHasFiveFloors(JavaClasses classes) {
		assertThat(
				MAY_USE.keySet().stream().filter((name) -> name.startsWith(MASTER)).mapToInt(ArchitectureTests::floors))
			.allMatch((floors) -> floors <= 5);
	}

	private static int floors(String name) {
		return 1 + MAY_USE.get(name)
			.stream()
			.filter((used) -> used.startsWith(MASTER))
			.mapToInt(ArchitectureTests::floors)
			.max()
			.orElse(0);
	}

	/**
	 * Time comes from the event loop, so that tests can have it pass.
	 */
	@ArchTest
	static final ArchRule decisionsReadNoClock = noClasses().that()
		.resideInAnyPackage(SUPERVISE, DISPATCH)
		.should()
		.callMethod(System.class, "nanoTime")
		.orShould()
		.callMethod(System.class, "currentTimeMillis")
		.orShould()
		.callMethod(Instant.class, "now")
		.orShould()
		.dependOnClassesThat(belongToAnyOf(Clock.class, Ticker.class));

	@ArchTest
	static final ArchRule onlyControlHandlesChannels = noClasses().that()
		.resideInAPackage(ALL_OF_MASTER)
		.and()
		.resideOutsideOfPackage(CONTROL)
		.should()
		.dependOnClassesThat(belongToAnyOf(ChannelHandler.class, ChannelPipeline.class, ChannelHandlerContext.class));

	/**
	 * The scoreboard is a descriptor that is sent, and a service manager is told by
	 * datagrams.
	 */
	@ArchTest
	static final ArchRule nativeSocketsAreUsedWhereConnectionsAre = noClasses().that()
		.resideOutsideOfPackages(OS, SOCKET, DISPATCH, CONTROL, WORKER)
		.and(areNoPartOf(IPC + ".ScoreboardFile"))
		.and(areNoPartOf(MASTER + ".ServiceNotifier"))
		.should()
		.dependOnClassesThat()
		.resideInAPackage("io.netty.channel.unix");

	/**
	 * What takes more does more than one thing; records are data.
	 */
	@ArchTest
	static final ArchRule constructorsTakeSevenParametersAtMost = constructors().that()
		.areDeclaredInClassesThat(DescribedPredicate.not(assignableTo(Record.class)))
		.and()
		.areDeclaredInClassesThat(DescribedPredicate.not(JavaClass.Predicates.ENUMS))
		.should(haveAtMostSevenParameters());

	@ArchTest
	static final ArchRule nothingKnowsTheBootstrap = noClasses().that()
		.resideOutsideOfPackage(BOOTSTRAP)
		.should()
		.dependOnClassesThat()
		.resideInAPackage(BOOTSTRAP);

	@ArchTest
	static final ArchRule theBootstrapKnowsOnlyTheProperties = noClasses().that()
		.resideInAPackage(BOOTSTRAP)
		.should()
		.dependOnClassesThat(
				resideInAPackage(AUTOCONFIGURE).and(DescribedPredicate.not(belongToAnyOf(ClusterProperties.class))));

	@ArchTest
	static final ArchRule thereIsNoCycle = slices().matching(ROOT + ".(**)").should().beFreeOfCycles();

	/**
	 * {@code Assert} has no dependencies of its own: it costs the master one class.
	 */
	@ArchTest
	static final ArchRule theMasterRunsWithoutSpring = noClasses().that()
		.resideInAnyPackage(ROOT, OS, IPC, ALL_OF_MASTER, ARCHIVE)
		.should()
		.dependOnClassesThat(
				resideInAPackage("org.springframework..").and(DescribedPredicate.not(belongToAnyOf(Assert.class))));

	/**
	 * The master must not wait for a slow reader of its log.
	 */
	@ArchTest
	static final ArchRule theMasterLogsThroughAQueue = noClasses().that()
		.resideInAnyPackage(ALL_OF_MASTER, ARCHIVE, LAUNCH)
		.and(areNoPartOf(LOOP + ".MasterLog"))
		.should()
		.dependOnClassesThat(belongToAnyOf(LogFactory.class));

	@ArchTest
	static final ArchRule theMasterRunsWithoutAServer = noClasses().that()
		.resideInAnyPackage(ROOT, OS, IPC, ALL_OF_MASTER, JVM, ARCHIVE, LAUNCH, ENVIRONMENT, BOOTSTRAP)
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("jakarta..", "org.apache.tomcat..", "org.apache.catalina..", "org.apache.coyote..",
				"org.springframework.web..", "org.springframework.boot.tomcat..", "org.springframework.boot.jetty..",
				"reactor..", "org.eclipse.jetty..");

	@ArchTest
	static final ArchRule onlyItsPackageKnowsTomcat = noClasses().that()
		.resideOutsideOfPackage(TOMCAT)
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("org.apache.tomcat..", "org.apache.catalina..", "org.apache.coyote..");

	@ArchTest
	static final ArchRule onlyItsPackageKnowsJetty = noClasses().that()
		.resideOutsideOfPackage(JETTY)
		.should()
		.dependOnClassesThat()
		.resideInAPackage("org.eclipse.jetty..");

	@ArchTest
	static final ArchRule onlyItsPackageKnowsReactorNetty = noClasses().that()
		.resideOutsideOfPackage(NETTY)
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("reactor.netty..");

	@ArchTest
	static final ArchRule onlyItsTransportKnowsEpoll = noClasses().that(areNoPartOf(OS + ".EpollTransport"))
		.should()
		.dependOnClassesThat()
		.resideInAPackage("io.netty.channel.epoll..");

	@ArchTest
	static final ArchRule onlyItsTransportKnowsKQueue = noClasses().that(areNoPartOf(OS + ".KQueueTransport"))
		.should()
		.dependOnClassesThat()
		.resideInAPackage("io.netty.channel.kqueue..");

	@ArchTest
	static final ArchRule onlyTheRootIsForUsers = classes().that()
		.resideInAPackage(ROOT)
		.should()
		.onlyDependOnClassesThat(resideInAnyPackage(ROOT, "java..", "org.jspecify.annotations"));

	/**
	 * As Spring Boot has it.
	 */
	@ArchTest
	static final ArchRule autoConfigurationsArePublicAndFinal = classes().that()
		.areAnnotatedWith(AutoConfiguration.class)
		.should()
		.bePublic()
		.andShould()
		.haveModifier(JavaModifier.FINAL);

	@ArchTest
	static final ArchRule membersOfConfigurationsAreNotPublic = members().that()
		.areDeclaredInClassesThat()
		.areMetaAnnotatedWith(Configuration.class)
		.should()
		.notBePublic();

	@ArchTest
	static final ArchRule everyPackageIsNullMarked = all(new AbstractClassesTransformer<JavaPackage>("packages") {

		@Override
		public Iterable<JavaPackage> doTransform(JavaClasses classes) {
			return classes.stream().map(JavaClass::getPackage).distinct().toList();
		}

	}).should(beAnnotatedWith(NullMarked.class));

	private ArchitectureTests() {
	}

	private static DescribedPredicate<JavaClass> areNoPartOf(String name) {
		return DescribedPredicate.describe("are no part of " + name,
				(type) -> !type.getName().equals(name) && !type.getName().startsWith(name + "$"));
	}

	private static ArchCondition<JavaClass> useOnlyWhatTheTableAllows() {
		return new ArchCondition<>("use only what the table allows") {

			@Override
			public void check(JavaClass user, ConditionEvents events) {
				user.getDirectDependenciesFromSelf().forEach((dependency) -> {
					String from = user.getPackageName();
					String to = dependency.getTargetClass().getBaseComponentType().getPackageName();
					if (to.startsWith(ROOT) && !to.equals(from) && !MAY_USE.get(from).contains(to)) {
						events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
					}
				});
			}

		};
	}

	private static ArchCondition<JavaConstructor> haveAtMostSevenParameters() {
		return new ArchCondition<>("have at most seven parameters") {

			@Override
			public void check(JavaConstructor constructor, ConditionEvents events) {
				if (constructor.getRawParameterTypes().size() > 7) {
					events.add(SimpleConditionEvent.violated(constructor, constructor.getFullName()));
				}
			}

		};
	}

	private static ArchCondition<JavaPackage> beAnnotatedWith(Class<? extends Annotation> annotation) {
		return new ArchCondition<>("be annotated with " + annotation.getSimpleName()) {

			@Override
			public void check(JavaPackage item, ConditionEvents events) {
				if (!item.isAnnotatedWith(annotation)) {
					events.add(SimpleConditionEvent.violated(item, item.getName() + " is not"));
				}
			}

		};
	}

}
