# frozen_string_literal: true

module PlateauAgent
  # Collections, each by the shortest path from a variable or a constant of the program.
  module Roots
    LEAST_ENTRIES = 16
    HOLDERS_MAX = 500
    OBJECTS_MAX = 200_000
    # Of a collection: others are like them.
    ENTRIES_FOLLOWED = 50
    LONGEST_PATH = 8
    # Programs of before Ruby 3.2 may do without it.
    SET = defined?(::Set) ? ::Set : Class.new
    IVARS = Kernel.instance_method(:instance_variables)
    IVAR = Kernel.instance_method(:instance_variable_get)

    class << self
      def holders
        verbose = $VERBOSE
        # Reading a constant or a variable that is on its way out must not speak.
        $VERBOSE = nil
        found = search(roots)
        found.sort_by { |holder| -holder['entries'] }.first(HOLDERS_MAX)
      ensure
        $VERBOSE = verbose
      end

      private

      def search(queue)
        seen = {}.compare_by_identity
        found = []
        until queue.empty? || seen.size > OBJECTS_MAX
          path, object = queue.shift
          next if seen.key?(object) || immediate?(object)

          seen[object] = true
          entries, type = entries_of(object)
          found << { 'path' => path, 'entries' => entries, 'type' => type } if entries && entries >= LEAST_ENTRIES
          next if path.size >= LONGEST_PATH

          each_child(object) { |step, child| queue << [[*path, step], child] unless immediate?(child) }
        end
        found
      end

      def immediate?(object)
        case object
        when Integer, Float, Symbol, String, nil, true, false then true
        else false
        end
      end

      def entries_of(object)
        case object
        when Array then [object.size, type_of(object.last)]
        when Hash then [object.size, type_of(object.each_value.first)]
        when SET then [object.size, type_of(object.first)]
        when Queue then [object.size, nil]
        end
      end

      def type_of(object)
        Evidence::CLASS_OF.bind_call(object).name
      end

      def each_child(object)
        case object
        when Array then object.first(ENTRIES_FOLLOWED).each { |child| yield '[...]', child }
        when Hash then object.first(ENTRIES_FOLLOWED).each { |_, child| yield '[...]', child }
        when SET then object.first(ENTRIES_FOLLOWED).each { |child| yield '[...]', child }
        when Struct then object.each_pair { |name, child| yield ".#{name}", child }
        when Proc then each_local(object.binding) { |name, child| yield ".#{name} (closure)", child }
        end
        return if object.is_a?(Module) || object.is_a?(SET)

        IVARS.bind_call(object).each { |name| yield ".#{name}", IVAR.bind_call(object, name) }
      end

      def each_local(binding)
        binding.local_variables.each { |name| yield name, binding.local_variable_get(name) }
      end

      def roots
        list = []
        global_variables.each { |name| list << [[name.to_s], eval(name.to_s)] if name.match?(/\A\$[a-zA-Z_]\w+\z/) } # rubocop:disable Security/Eval
        each_local(TOPLEVEL_BINDING) { |name, object| list << [[name.to_s], object] }
        main = TOPLEVEL_BINDING.receiver
        main.instance_variables.each { |name| list << [[name.to_s], main.instance_variable_get(name)] }
        ObjectSpace.each_object(Module) { |mod| add_module(mod, list) }
        Thread.list.each { |thread| add_thread(thread, list) }
        list
      end

      def add_module(mod, list)
        # A class may answer `name` as it likes.
        name = Module.instance_method(:name).bind_call(mod)
        return if name.nil? || name.start_with?('PlateauAgent')

        mod.class_variables(false).each { |variable| list << [[name, ".#{variable}"], mod.class_variable_get(variable)] }
        IVARS.bind_call(mod).each { |variable| list << [[name, ".#{variable}"], IVAR.bind_call(mod, variable)] }
        # A constant that is loaded when it is first used stays unloaded.
        mod.constants(false).reject { |constant| mod.autoload?(constant) }.each do |constant|
          list << [[name, "::#{constant}"], mod.const_get(constant, false)]
        end
      rescue NameError
        # It was removed meanwhile.
      end

      def add_thread(thread, list)
        return if PlateauAgent.own_thread?(thread)

        thread.keys.each { |key| list << [['Thread', "[:#{key}]"], thread[key]] }
        thread.thread_variables.each { |key| list << [['Thread', ".#{key}"], thread.thread_variable_get(key)] }
      end
    end
  end
end
